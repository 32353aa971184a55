"""What pages say of the lists that they show, and the desk where the staff has them filled."""

from community.personalisation.views import desk, experiments, showing, weights

BLUEPRINTS = (desk.bp, experiments.bp, weights.bp, showing.bp)
