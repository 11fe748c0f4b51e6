package io.mqcontroller.it.fault;

import io.mqcontroller.it.cluster.Broker;

/** Something that happens to a master, and how it ends. */
public interface MasterFault {
    /** One or two words for reports: "killed". */
    String label();

    void strike(Broker master);

    void heal(Broker master);
}
