package io.mqcontroller.agent.core;

import java.util.Objects;
import java.util.Optional;

/**
 * Who a broker is, as the identity file has it; the same file as the one of RocketMQ's brokers.
 *
 * @param checkCode there while the id is applied for ({@code <file>-temp}); empty: the id is the broker's for good
 */
public record Identity(String cluster, String brokerName, long brokerId, Optional<String> checkCode) {
    public Identity {
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(brokerName, "brokerName");
        Objects.requireNonNull(checkCode, "checkCode");
        if (brokerId < 1) {
            throw new IllegalArgumentException("a brokerId is 1 or higher: " + brokerId);
        }
    }

    public boolean isFinal() {
        return checkCode.isEmpty();
    }

    @Override
    public String toString() {
        return cluster + "#" + brokerName + "#" + brokerId + (isFinal() ? "" : " (applied for)");
    }
}
