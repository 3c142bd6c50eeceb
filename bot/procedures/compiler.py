"""From the text of an expression to one closure: Python's parser, an allow-list of nodes, types checked on the way."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from bot.procedures import logic
from bot.procedures.calls import BUILT_IN, Mismatch, Term, call_rule
from bot.procedures.errors import Mistake, did_you_mean
from bot.procedures.logic import Run, constant
from bot.procedures.lookup import Compile, Lookup
from bot.procedures.names import Names, Place
from bot.procedures.scope import UNKNOWN, Scope
from bot.procedures.types import ANY, BOOL, NUMBER, ORDERED, Type, comparable, fits, item_of

LONGEST: Final = 600
_STRANGE: Final = re.compile(r"[^A-Za-z0-9_.,()<>=!+\-*/ \n]")
_GLUED: Final = re.compile(r"(?<![A-Za-z_0-9])[0-9][0-9.]*[A-Za-z_]")


class Compiler:
    """One expression on its way. Goes on after a mistake, so that all of them are told at once."""

    def __init__(self, names: Names, place: Place, compile_value: Compile, compile_each: Compile) -> None:
        self.names = names
        self.mistakes: list[Mistake] = []
        self.lookup = Lookup(names, place, compile_value, compile_each)
        self._ways: dict[type[ast.expr], Callable[[Any], Term]] = {
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Constant: self._constant,
            ast.BoolOp: self._bool,
            ast.UnaryOp: self._unary,
            ast.BinOp: self._arithmetic,
            ast.Compare: self._compare,
            ast.Call: self._call,
        }

    def whole(self, text: str) -> Term:
        tree = self._parse(text)
        return Term(ANY, constant(UNKNOWN)) if tree is None else self.term(tree)

    def _parse(self, text: str) -> ast.expr | None:
        try:
            _refuse_strange(text)
            return ast.parse(text.strip().replace("\n", " "), mode="eval").body
        except SyntaxError as error:
            self.mistakes.append(Mistake(f"not readable: {error.msg}", error.offset or 1))
        except (ValueError, RecursionError, MemoryError):
            self.mistakes.append(Mistake("not readable: too deeply nested", 1))
        return None

    def term(self, node: ast.expr) -> Term:
        way = self._ways.get(type(node))
        if way is None:
            return self.wrong(node, "this is not part of the language")
        return way(node)

    def wrong(self, node: ast.expr, message: str) -> Term:
        self.mistakes.append(Mistake(message, node.col_offset + 1))
        return Term(ANY, constant(UNKNOWN))

    def typed(self, node: ast.expr, wanted: Type, what: str) -> Term:
        term = self.term(node)
        return term if fits(term.type, wanted) else self.wrong(node, f"{what} needs {wanted}, not {term.type}")

    def _name(self, node: ast.Name) -> Term:
        return self._found(node, lambda: self.lookup.name(node.id))

    def _attribute(self, node: ast.Attribute) -> Term:
        if not isinstance(node.value, ast.Name):
            return self.wrong(node, "only one point: parameter.name or section.question")
        owner = node.value.id
        term = self._found(node, lambda: self.lookup.attribute(owner, node.attr))
        return self.wrong(node, "a list of rows' answers stands only inside a call") if _is_column(term) else term

    def _found(self, node: ast.expr, look: Callable[[], Term]) -> Term:
        try:
            return look()
        except Mismatch as error:
            return self.wrong(node, str(error))

    def _constant(self, node: ast.Constant) -> Term:
        if type(node.value) is int:
            return Term(NUMBER, constant(node.value))
        if type(node.value) is float:
            return Term(NUMBER, constant(Decimal(repr(node.value))))
        return self.wrong(node, "only numbers, yes and no may stand here; write yes and no in small letters")

    def _bool(self, node: ast.BoolOp) -> Term:
        word, join = ("and", logic.both) if isinstance(node.op, ast.And) else ("or", logic.either)
        terms = [self.typed(part, BOOL, f"'{word}'") for part in node.values]
        run = terms[-1].run
        for term in reversed(terms[:-1]):
            run = join(term.run, run)
        return Term(BOOL, run)

    def _unary(self, node: ast.UnaryOp) -> Term:
        if isinstance(node.op, ast.Not):
            return Term(BOOL, logic.not_(self.typed(node.operand, BOOL, "'not'").run))
        if isinstance(node.op, ast.USub):
            return Term(NUMBER, logic.negate(self.typed(node.operand, NUMBER, "'-'").run))
        return self.wrong(node, "this sign is not part of the language")

    def _arithmetic(self, node: ast.BinOp) -> Term:
        operator = logic.ARITHMETIC.get(type(node.op).__name__)
        if operator is None:
            return self.wrong(node, "only + - * / compute")
        left, right = (self.typed(side, NUMBER, "arithmetic") for side in (node.left, node.right))
        return Term(NUMBER, logic.combine(operator, left.run, right.run))

    def _compare(self, node: ast.Compare) -> Term:
        sides = [node.left, *node.comparators]
        runs = [self._pair(sides[i], operator, sides[i + 1]) for i, operator in enumerate(node.ops)]
        run = runs[-1]
        for earlier in reversed(runs[:-1]):
            run = logic.both(earlier, run)
        return Term(BOOL, run)

    def _pair(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Run:
        apply = logic.COMPARISONS.get(type(operator).__name__)
        if apply is None:
            return self.wrong(left, "compare with ==, not with is").run
        if isinstance(operator, (ast.In, ast.NotIn)):
            first, second = self._membership(left, right)
        else:
            first, second = self._beside(left, right)
            self._comparable(left, first.type, second.type, ordered=not isinstance(operator, (ast.Eq, ast.NotEq)))
        return logic.combine(apply, first.run, second.run)

    def _comparable(self, node: ast.expr, left: Type, right: Type, *, ordered: bool) -> None:
        if not comparable(left, right):
            self.wrong(node, f"{left} cannot be compared with {right}")
        elif ordered and not {left.name, right.name} <= ORDERED:
            self.wrong(node, f"{left} has no order; only == and != fit")

    def _beside(self, left: ast.expr, right: ast.expr) -> tuple[Term, Term]:
        """Both sides; an option word is read beside its question, whichever side it stands on."""
        if self._is_word(right):
            first = self.term(left)
            return first, self._word(right, first.type)
        if self._is_word(left):
            second = self.term(right)
            return self._word(left, second.type), second
        return self.term(left), self.term(right)

    def _is_word(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and self.lookup.is_word(node.id)

    def _word(self, node: ast.expr, beside: Type) -> Term:
        """A bare word beside something of type ``beside``: one of its options, if that is a choice."""
        if not isinstance(node, ast.Name) or not self._is_word(node) or not beside.name.startswith("option"):
            return self.term(node)
        if beside.words is not None and node.id in beside.words:
            return Term(Type("option", beside.words), constant(node.id))
        if self.lookup.is_known(node.id):
            return self.term(node)
        if beside.words is None:
            return self.wrong(node, "this choice takes its options from a table; ask a rule")
        return self.wrong(node, f"'{node.id}' is not one of its options{did_you_mean(node.id, beside.words)}")

    def _membership(self, left: ast.expr, right: ast.expr) -> tuple[Term, Term]:
        if isinstance(right, ast.Tuple):
            item = self.term(left)
            return item, self._tuple(right.elts, item.type)
        container = self.term(right)
        item = self._word(left, container.type)
        held = Type("date") if container.type.name == "period" else item_of(container.type)
        if container.type != ANY and (held is None or not comparable(item.type, held)):
            self.wrong(right, f"{item.type} cannot be in {container.type}; write (a, b) for several")
        return item, container

    def _tuple(self, nodes: Sequence[ast.expr], beside: Type) -> Term:
        terms = [self._word(node, beside) for node in nodes]
        for node, term in zip(nodes, terms, strict=True):
            if not comparable(term.type, beside):
                self.wrong(node, f"{beside} cannot be compared with {term.type}")
        runs = tuple(term.run for term in terms)

        def run(scope: Scope) -> Any:
            values = tuple(one(scope) for one in runs)
            return UNKNOWN if UNKNOWN in values else values

        return Term(Type("list", item=beside), run)

    def _call(self, node: ast.Call) -> Term:
        if not isinstance(node.func, ast.Name) or node.keywords:
            return self.wrong(node, "a call is a name with values in brackets")
        name = node.func.id
        if name == "answered":
            return self._answered(node)
        terms = [self._argument(argument) for argument in node.args]
        if name in BUILT_IN:
            return self._found(node, lambda: BUILT_IN[name](terms))
        rule = self.names.rules.get(name)
        if rule is None:
            return self.wrong(node, f"there is no rule '{name}'{did_you_mean(name, [*self.names.rules, *BUILT_IN])}")
        if "today" in rule.wants:
            self._found(node, self.lookup.today)
        return self._found(node, lambda: call_rule(rule, terms, self.names.tables))

    def _argument(self, node: ast.expr) -> Term:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = node.value.id
            return self._found(node, lambda: self.lookup.attribute(owner, node.attr))
        return self.term(node)

    def _answered(self, node: ast.Call) -> Term:
        argument = node.args[0] if len(node.args) == 1 else None
        if not isinstance(argument, ast.Name) or argument.id not in self.names.questions:
            return self.wrong(node, "answered takes one question, as in answered(telefon)")
        run = self.term(argument).run
        return Term(BOOL, lambda scope: run(scope) is not UNKNOWN)


def _refuse_strange(text: str) -> None:
    """What Python's parser would take and this language has not, before the parser warns about it."""
    if len(text) > LONGEST:
        raise SyntaxError(f"longer than {LONGEST} characters, write a rule")
    for pattern, message in ((_STRANGE, "'{}' is not part of the language"), (_GLUED, "'{}' is no number")):
        if found := pattern.search(text):
            error = SyntaxError(message.format(found.group()))
            error.offset = found.start() + 1
            raise error


def _is_column(term: Term) -> bool:
    return term.type.name == "column"
