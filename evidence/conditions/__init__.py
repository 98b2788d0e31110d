"""The condition language: which facts a statement, a readiness rule or a cohort asks for.

Standard library only, so that the same code answers in a request, in a worker, in a
command and in a property test.

* `vocabulary` names every fact a condition may read: one key, one kind, one unit.
* `facts` holds what is known about one of them, with its state.
* `tree` reads the JSON syntax into nodes and refuses what it does not understand.
* `checking` refuses what can be read and cannot be meant: what no value meets, or every value does.
* `evaluation` answers TRUE, FALSE or UNDETERMINED, with its reasons and what is missing.
* `words` puts a condition into words.

The answer is one of three. A fact that is unknown, owed or never asked leaves a comparison
undetermined; a fact that is not applicable makes it false; a value known only between two
bounds decides where the whole interval decides. `all`, `any` and `not` follow Kleene's
strong logic, so filling a gap can settle an undetermined answer but never turn a settled
one. (A newer value of something measured again can: that is a different fact.)

Syntax::

    {"always": true}                                    every case; it stands alone
    {"all": [...]}  {"any": [...]}  {"not": {...}}
    {"fact": "ecog", "op": "<=", "value": 1}            number: < <= = >= >
    {"fact": "stop_reason", "op": "in", "value": ["irae"]}  choice: in =
    {"fact": "irae_any", "op": "is", "value": true}     flag: is
    {"fact": "nlr", "op": "known", "value": true}       any fact: has a value, whichever
    {"fact": "ecog_on", "op": "<", "value": "2026-03-12"}   day: < <= = >= >
    {"fact": "ecog_on", "op": "within", "value": 28}    day: at most so many days before today

`parse` is for what somebody writes now, `read` for what is stored: a published condition is frozen, and is answered
as long as it stands even where it could not be written again.
"""

from evidence.conditions.checking import parse
from evidence.conditions.evaluation import Answer, Days, Evaluation, Reason, evaluate
from evidence.conditions.facts import Fact, Facts, FactState, Widened
from evidence.conditions.specs import FactSpec
from evidence.conditions.tree import ConditionError, Node, dump, fact_keys, read
from evidence.conditions.vocabulary import FACTS, VOCABULARY_VERSION
from evidence.conditions.words import Line, demanded, outline, readable, widened_words

__all__ = [
    "FACTS",
    "VOCABULARY_VERSION",
    "Answer",
    "ConditionError",
    "Days",
    "Evaluation",
    "Fact",
    "FactSpec",
    "FactState",
    "Facts",
    "Line",
    "Node",
    "Reason",
    "Widened",
    "demanded",
    "dump",
    "evaluate",
    "fact_keys",
    "outline",
    "parse",
    "read",
    "readable",
    "widened_words",
]
