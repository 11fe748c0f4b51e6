package io.mqcontroller.it.fault;

import io.mqcontroller.it.cluster.Broker;
import io.mqcontroller.it.cluster.Host;
import java.util.Collection;
import java.util.function.Function;

/**
 * A master that is cut off from other hosts.
 *
 * @param label for reports
 * @param hosts from which this master is cut off
 */
public record CableFault(String label, Network network, Function<Broker, Collection<Host>> hosts)
        implements MasterFault {
    @Override
    public void strike(Broker master) {
        network.cut(master.host(), hosts.apply(master));
    }

    @Override
    public void heal(Broker master) {
        network.heal();
    }
}
