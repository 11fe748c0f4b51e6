package io.mqcontroller.agent.core;

/**
 * Where an agent stands. A broker takes writes only in {@link #MASTER}, and there only while its permit lasts.
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>from</th><th>cause</th><th>to</th></tr>
 * <tr><td>DISCOVERING</td><td>the identity file, or the controllers, gave it a brokerId for good</td><td>IDENTIFIED</td></tr>
 * <tr><td>IDENTIFIED</td><td>the controllers took its registration</td><td>REGISTERED</td></tr>
 * <tr><td>REGISTERED, FENCED, SLAVE</td><td>elected, and the broker's switch succeeded</td><td>MASTER</td></tr>
 * <tr><td>REGISTERED, FENCED</td><td>somebody else is master, and the broker's switch succeeded</td><td>SLAVE</td></tr>
 * <tr><td>MASTER</td><td>a newer masterEpoch, or it gives its role back</td><td>FENCED</td></tr>
 * <tr><td>SLAVE</td><td>it is elected, until the switch has succeeded</td><td>FENCED</td></tr>
 * <tr><td>DISCOVERING, IDENTIFIED</td><td>the identity is another group's</td><td>REFUSED</td></tr>
 * <tr><td>any</td><td>it was asked to stop and has given back what it held</td><td>STOPPED</td></tr>
 * </table>
 */
public enum AgentState {
    /** Has no brokerId yet. */
    DISCOVERING,
    /** Has a brokerId, and has not registered in this life of the process. */
    IDENTIFIED,
    /** Registered, without a role so far. */
    REGISTERED,
    MASTER,
    SLAVE,
    /** Had a role or is on its way to one; takes no writes. */
    FENCED,
    /** Never registers: its identity is wrong. For an operator to put right. */
    REFUSED,
    STOPPED
}
