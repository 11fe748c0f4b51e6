package io.mqcontroller.agent.simulation;

import io.mqcontroller.raft.simulation.Chance;

/**
 * How many of the brokers are RocketMQ's own, without an agent.
 *
 * @param permille of the brokers that begin without an agent
 * @param movePermille of orderly stops after which a broker has an agent that had none, or the other way round
 * @param shrinksAtOnce whether such a master counts on a slave no more as soon as its connection ends, as that of 5.5.0 does;
 *     others wait for the controllers' answer
 */
record Mixture(int permille, int movePermille, boolean shrinksAtOnce) {
    static final Mixture NONE = new Mixture(0, 0, false);

    static Mixture draw(Chance chance) {
        return new Mixture(chance.oneOf(300, 500, 800), chance.oneOf(0, 500), chance.permille(500));
    }

    boolean isNone() {
        return permille == 0;
    }
}
