/**
 * Agents with brokers that are modelled, controllers and Raft that are real, a network, clocks and faults, all in virtual time
 * and drawn from one seed.
 */
package io.mqcontroller.agent.simulation;
