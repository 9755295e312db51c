# What `import reviewer` offers, for type checkers; each name comes from reviewer.api.

from reviewer.api import Confidence as Confidence
from reviewer.api import Coverage as Coverage
from reviewer.api import Edit as Edit
from reviewer.api import Finding as Finding
from reviewer.api import Fix as Fix
from reviewer.api import Gate as Gate
from reviewer.api import Location as Location
from reviewer.api import NothingToReviewError as NothingToReviewError
from reviewer.api import Permissions as Permissions
from reviewer.api import Related as Related
from reviewer.api import Review as Review
from reviewer.api import ReviewerError as ReviewerError
from reviewer.api import ReviewRun as ReviewRun
from reviewer.api import Severity as Severity
from reviewer.api import Suppression as Suppression
from reviewer.api import UnreadableError as UnreadableError
from reviewer.api import UsageError as UsageError
from reviewer.api import Wishes as Wishes
from reviewer.api import review as review

__version__: str
