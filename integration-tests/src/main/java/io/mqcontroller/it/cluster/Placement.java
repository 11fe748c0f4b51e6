package io.mqcontroller.it.cluster;

/** Which process of a cluster runs on which host. */
@FunctionalInterface
public interface Placement {
    /** Everything on this machine. */
    Placement LOCAL = process -> Host.LOCAL;

    /** Host of a process: {@code namesrv}, {@code n0} and so on for controllers, {@code broker-1} and so on. */
    Host hostOf(String process);
}
