/** What must hold at every moment between agents, their brokers and the controllers; one class a rule. */
package io.mqcontroller.agent.simulation.invariant;
