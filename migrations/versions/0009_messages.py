"""Who enters a watched audience is sent a message"""

import sqlalchemy as sa
from alembic import op

import community.core.db
import community.sites.models

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

NEW = 'message'


def upgrade():
    op.create_table('segment_messages',
    sa.Column('segment_id', sa.Integer(), nullable=False),
    sa.Column('is_offer', sa.Boolean(), nullable=False),
    sa.Column('by_mail', sa.Boolean(), nullable=False),
    sa.Column('by_notice', sa.Boolean(), nullable=False),
    sa.Column('is_once', sa.Boolean(), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('written_at', community.core.db.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['segment_id'], ['segment_watches.segment_id'], name=op.f('fk_segment_messages_segment_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('segment_id', name=op.f('pk_segment_messages'))
    )
    op.create_table('segment_sendings',
    sa.Column('crossing_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('why', sa.String(length=10), nullable=False),
    sa.Column('mail_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['crossing_id'], ['segment_crossings.id'], name=op.f('fk_segment_sendings_crossing_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mail_id'], ['mails.id'], name=op.f('fk_segment_sendings_mail_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('crossing_id', name=op.f('pk_segment_sendings'))
    )
    with op.batch_alter_table('segment_sendings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_segment_sendings_mail_id'), ['mail_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_segment_sendings_state'), ['state'], unique=False)
    in_choices(lambda kinds: kinds and [*kinds, NEW])


def downgrade():
    with op.batch_alter_table('segment_sendings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_segment_sendings_state'))
        batch_op.drop_index(batch_op.f('ix_segment_sendings_mail_id'))

    op.drop_table('segment_sendings')
    op.drop_table('segment_messages')
    in_choices(lambda kinds: [kind for kind in kinds if kind != NEW])


def in_choices(change):
    """Whoever chose before this kind of notice was there has it as those who chose nothing, where they take any."""
    choices = sa.table(
        'notice_choices', sa.column('member_id'), sa.column('bell', sa.JSON), sa.column('mail', sa.JSON)
    )
    for member_id, bell, mail in op.get_bind().execute(sa.select(choices)).all():
        theirs = choices.update().where(choices.c.member_id == member_id)
        op.execute(theirs.values(bell=change(bell), mail=change(mail)))
