"""The steps shipped with a ladder get ids, so that their names are translated; renamed ones stay."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        """
        INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
        SELECT 'invoice_to_cash', 'step_' || substr(ladder.name, 8) || '_' || step.tone,
               'dunning.step', step.id, TRUE
          FROM dunning_step step
          JOIN ir_model_data ladder ON ladder.module = 'invoice_to_cash'
               AND ladder.model = 'dunning.ladder' AND ladder.res_id = step.ladder_id
               AND ladder.name LIKE 'ladder\\_%'
         WHERE (step.name ->> 'en_US', step.tone) IN (
                   ('Due soon', 'soft'), ('Due today', 'soft'), ('Due today', 'neutral'),
                   ('Overdue', 'business'), ('Official letter', 'official'),
                   ('Escalation', 'escalation'), ('Hand over to a person', 'manual'))
            ON CONFLICT DO NOTHING
        """
    )
