package io.mqcontroller.agent.rocketmq;

import io.mqcontroller.agent.spi.AgentListener;
import org.apache.rocketmq.logging.org.slf4j.Logger;
import org.apache.rocketmq.logging.org.slf4j.LoggerFactory;

/** The agent's words in the broker's own log. */
final class BrokerLog implements AgentListener {
    private static final Logger LOG = LoggerFactory.getLogger("RocketmqBroker");

    @Override
    public void info(String message) {
        LOG.info("agent: {}", message);
    }

    @Override
    public void warn(String message, Throwable cause) {
        LOG.warn("agent: " + message, cause);
    }
}
