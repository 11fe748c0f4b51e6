/** The scenarios: real controllers, brokers and clients under faults. Each test leaves its cluster to be healed by the next. */
package io.mqcontroller.it.scenario;
