package io.mqcontroller.controller.cli;

import io.mqcontroller.controller.config.LiveConfig;
import io.mqcontroller.controller.controller.ControllerLoop;
import io.mqcontroller.controller.controller.history.OperatorActions;
import io.mqcontroller.controller.election.InSyncFirstPolicy;
import io.mqcontroller.controller.election.UncleanPolicy;
import io.mqcontroller.controller.metadata.ElectionPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows when a key of the configuration gets another value while the controller runs. */
final class RunTimeChanges {
    private static final Logger LOG = LoggerFactory.getLogger(RunTimeChanges.class);

    private RunTimeChanges() {}

    /** Has each change take effect, told in the log and in the history. */
    static void follow(LiveConfig live, ControllerLoop loop, OperatorActions actions) {
        live.whenChanged(changed -> {
            loop.changePolicy(policy(live));
            LOG.info(
                    "event=config_changed enableElectUncleanMaster={} notifyBrokerRoleChanged={} remote={}",
                    live.enableElectUncleanMaster(),
                    live.notifyBrokerRoleChanged(),
                    changed.by());
            changed.values()
                    .forEach(
                            (key, values) -> actions.configChanged(key, values.before(), values.after(), changed.by()));
        });
    }

    /** Who may become master, as configured now. */
    static ElectionPolicy policy(LiveConfig live) {
        return live.enableElectUncleanMaster() ? new UncleanPolicy() : new InSyncFirstPolicy();
    }
}
