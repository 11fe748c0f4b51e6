package io.mqcontroller.it.fault;

import io.mqcontroller.it.cluster.Broker;

/**
 * A broker whose store can't be written any more: what is opened from now on, in the folder of the store, is read-only. Only in a
 * JVM that has its own mounts ({@code src/test/network/bin/java}), which go with it.
 */
public final class ReadOnlyStore implements MasterFault {
    @Override
    public String label() {
        return "store read-only";
    }

    @Override
    public void strike(Broker master) {
        Network.requireOwn();
        String folder = master.store().toString();
        NetworkCommand.run("mount", "--bind", folder, folder);
        NetworkCommand.run("mount", "-o", "remount,bind,ro", folder);
    }

    @Override
    public void heal(Broker master) {
        NetworkCommand.run("umount", master.store().toString());
    }
}
