/** What can be tested without a running broker; the rest is in the integration tests, in real ones. */
package io.mqcontroller.agent.rocketmq;
