package io.mqcontroller.agent.rocketmq;

import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.store.PutMessageResult;
import org.apache.rocketmq.store.PutMessageStatus;
import org.apache.rocketmq.store.hook.PutMessageHook;

/** Asked by the store before each append: also what the broker writes by itself needs the permit. */
record PermitHook(WritesInProgress writes) implements PutMessageHook {
    @Override
    public String hookName() {
        return "write permit";
    }

    @Override
    public PutMessageResult executeBeforePutMessage(MessageExt message) {
        return writes.mayAppend() ? null : new PutMessageResult(PutMessageStatus.SERVICE_NOT_AVAILABLE, null);
    }
}
