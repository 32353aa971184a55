"""What is newest of a subject, and what fits a day, are found by indexes alone"""

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

BY_STAGE = ['site', 'state', 'kind', 'stage_from', 'stage_to']
MORE = ['stage_basis', 'visibility', 'is_quiet', 'group_id', 'author_id']


def upgrade():
    op.drop_index('ix_item_tags_tag_id', 'item_tags')
    op.create_index('ix_item_tags_newest', 'item_tags', ['tag_id', 'item_id'])
    op.drop_index('ix_items_by_stage', 'items')
    op.create_index('ix_items_by_stage', 'items', BY_STAGE + MORE)


def downgrade():
    op.drop_index('ix_items_by_stage', 'items')
    op.create_index('ix_items_by_stage', 'items', BY_STAGE)
    op.drop_index('ix_item_tags_newest', 'item_tags')
    op.create_index('ix_item_tags_tag_id', 'item_tags', ['tag_id'])
