/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genvideo.engine.ForwardingRepository;
import io.genvideo.model.ServiceUnavailableException;
import io.genvideo.repository.memory.MemoryTaskRepository;
import io.genvideo.spi.FinishedTasks;
import io.genvideo.spi.TaskOwner;
import io.genvideo.spi.TaskRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.ScheduledPollConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A journal that cannot be read reaches the exception handler of the route, and loses nothing. */
class TasksConsumerErrorsTest {
    private final ImaContext ima = new ImaContext();
    private final AtomicBoolean broken = new AtomicBoolean(true);

    private final ForwardingRepository journal =
            new ForwardingRepository(new MemoryTaskRepository(InstantSource.system())) {
                @Override
                public List<TaskRecord> claimFinished(FinishedTasks wanted, TaskOwner owner, Duration lease, int most) {
                    if (broken.get()) {
                        throw new IllegalStateException("the database is down");
                    }
                    return super.claimFinished(wanted, owner, lease, most);
                }
            };

    @AfterEach
    void stop() {
        ima.close();
    }

    private void start(String options) throws Exception {
        ima.camel().getRegistry().bind("journal", journal);
        ima.routes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(ServiceUnavailableException.class)
                                .handled(true)
                                .to("mock:handled");
                        from("genvideo:ima/tasks?initialDelay=0&delay=50" + options)
                                .routeId("late")
                                .to("mock:late");
                        from("direct:submit").to("genvideo:ima/text_to_video?waitForResult=false");
                    }
                })
                .start();
    }

    private MockEndpoint mock(String name) {
        return ima.camel().getEndpoint("mock:" + name, MockEndpoint.class);
    }

    @Test
    void theRoutesErrorHandlerHearsOfIt() throws Exception {
        start("&bridgeErrorHandler=true");
        mock("handled").expectedMinimumMessageCount(1);
        mock("handled").assertIsSatisfied();
        assertThat(mock("handled").getExchanges().get(0).getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class))
                .isInstanceOf(ServiceUnavailableException.class)
                .hasMessageContaining("the journal could not be read")
                .hasMessageContaining("the database is down");

        mock("late").expectedMessageCount(1);
        broken.set(false);
        ima.generate("direct:submit", "a lake");
        mock("late").assertIsSatisfied();
    }

    @Test
    void whatHealthChecksReadTellsIt() throws Exception {
        start("");
        ScheduledPollConsumer consumer =
                (ScheduledPollConsumer) ima.camel().getRoute("late").getConsumer();
        await().until(() -> consumer.getErrorCounter() > 0);

        broken.set(false);

        await().until(() -> consumer.getErrorCounter() == 0);
    }
}
