package io.mqcontroller.agent.simulation;

import io.mqcontroller.controller.controller.ControllerCore;
import io.mqcontroller.controller.liveness.Leases;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** Makes a controller forget its leases. There is no way to ask it to, and there should be none. */
final class ForgottenLeases {
    private ForgottenLeases() {}

    static void forgetIn(ControllerCore core) {
        try {
            Field field = ControllerCore.class.getDeclaredField("leases");
            field.setAccessible(true);
            Object masterLeases = field.get(core);
            Method table = masterLeases.getClass().getDeclaredMethod("table");
            table.setAccessible(true);
            ((Leases) table.invoke(masterLeases)).clear();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
