package io.mqcontroller.it.fault;

import io.mqcontroller.it.cluster.Broker;
import java.util.Locale;

/** What may happen to the process of a broker. */
public enum Fault implements MasterFault {
    /** kill -9; ends with a new start. */
    KILLED {
        @Override
        public void strike(Broker broker) {
            broker.process().kill();
        }

        @Override
        public void heal(Broker broker) {
            broker.start();
        }
    },
    /** SIGTERM: it may put its affairs in order; ends with a new start. */
    ENDED {
        @Override
        public void strike(Broker broker) {
            broker.process().askToEnd();
        }

        @Override
        public void heal(Broker broker) {
            broker.process().awaitExit(60);
            broker.start();
        }
    },
    /** SIGSTOP: connections stay open and nothing answers; ends with SIGCONT. */
    FROZEN {
        @Override
        public void strike(Broker broker) {
            broker.process().freeze();
        }

        @Override
        public void heal(Broker broker) {
            broker.process().thaw();
        }
    };

    @Override
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
