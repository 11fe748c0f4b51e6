/** An example of a broker that hosts the agent, and tests of what the agent gives it. */
package io.mqcontroller.agent.spi;
