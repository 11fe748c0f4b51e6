/** The driver against a controller that plays a script, over real sockets. */
package io.mqcontroller.agent.runtime;
