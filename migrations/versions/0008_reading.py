"""What is derived of reading has one bookmark; what was read together stands in one tree"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

PARTS = ('reads', 'co_reads', 'popularity')


def upgrade():
    carry_over(PARTS, ('reading',))
    with op.batch_alter_table('co_reads', recreate=where_sqlite(), table_kwargs={'sqlite_with_rowid': False}) as batch_op:
        batch_op.drop_constraint(op.f('fk_co_reads_other_id'), type_='foreignkey')
        batch_op.drop_index(op.f('ix_co_reads_other_id'))


def downgrade():
    with op.batch_alter_table('co_reads', recreate=where_sqlite(), table_kwargs={'sqlite_with_rowid': True}) as batch_op:
        batch_op.create_index(op.f('ix_co_reads_other_id'), ['other_id'], unique=False)
        batch_op.create_foreign_key(op.f('fk_co_reads_other_id'), 'items', ['other_id'], ['id'], ondelete='CASCADE')
    carry_over(('reading',), PARTS)


def carry_over(before, after):
    """The farthest of the bookmarks: what was counted is never counted twice, so that it can be taken back."""
    bookmarks = sa.table('bookmarks', sa.column('projection'), sa.column('touchpoint_id'))
    theirs = bookmarks.c.projection.in_(before)
    farthest = op.get_bind().scalar(sa.select(sa.func.max(bookmarks.c.touchpoint_id)).where(theirs))
    op.execute(bookmarks.delete().where(theirs))
    if farthest is not None:
        op.bulk_insert(bookmarks, [{'projection': name, 'touchpoint_id': farthest} for name in after])


def where_sqlite():
    """SQLite makes such a table only anew."""
    return 'always' if op.get_bind().dialect.name == 'sqlite' else 'auto'
