package io.mqcontroller.agent.simulation;

import io.mqcontroller.controller.controller.ControllerCore;
import io.mqcontroller.controller.liveness.Leases;
import io.mqcontroller.controller.metadata.AckRule;
import io.mqcontroller.controller.metadata.ClusterMetadata;
import io.mqcontroller.controller.metadata.MetadataRecord;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/** Makes a controller forget leases. There is no way to ask it to, and there should be none. */
final class ForgottenLeases {
    private ForgottenLeases() {}

    static void forgetIn(ControllerCore core) {
        ((Leases) call(part(core, "leases"), "table", List.of())).clear();
    }

    /** It takes the leases of the leader before to be as long as its own, whatever is recorded. */
    static void assumeOwnIn(ControllerCore core) {
        ClusterMetadata state = core.state().metadata();
        call(
                part(core, "leases"),
                "onLeading",
                List.of(ClusterMetadata.class, long.class),
                new ClusterMetadata(state.groups(), state.tombstones(), 1),
                call(part(core, "clock"), "nowMs", List.of()));
    }

    /** It takes every master for one that acknowledges only what all have, whatever is recorded. */
    static void assumeStrongerRulesIn(ControllerCore core) {
        ClusterMetadata state = core.state().metadata();
        call(
                part(core, "leases"),
                "onLeading",
                List.of(ClusterMetadata.class, long.class),
                state.replayAll(strongerRules(state)),
                call(part(core, "clock"), "nowMs", List.of()));
    }

    /** It records that every master acknowledges only what all have, whatever leases run. */
    static void recordStrongerRulesIn(ControllerCore core) {
        Object log = part(core, "log");
        boolean decides = (boolean) call(log, "isLeading", List.of()) && !(boolean) call(log, "isBroken", List.of());
        List<MetadataRecord> records = strongerRules((ClusterMetadata) call(log, "speculative", List.of()));
        if (decides && !records.isEmpty()) {
            call(log, "append", List.of(List.class), records);
        }
    }

    private static List<MetadataRecord> strongerRules(ClusterMetadata state) {
        List<MetadataRecord> records = new ArrayList<>();
        state.groups().forEach((key, group) -> {
            if (group.weakestAckRule() == AckRule.WEAKER) {
                records.add(new MetadataRecord.WeakestAckRuleChanged(key, AckRule.ALL_IN_SYNC));
            }
        });
        return records;
    }

    private static Object part(ControllerCore core, String name) {
        try {
            Field field = ControllerCore.class.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(core);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Object call(Object target, String name, List<Class<?>> types, Object... arguments) {
        try {
            Method method = target.getClass().getDeclaredMethod(name, types.toArray(Class[]::new));
            method.setAccessible(true);
            return method.invoke(target, arguments);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
