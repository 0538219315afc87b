/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.benchmarks;

import io.genvideo.camel.GenvideoConstants;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;

/** The component as a route uses it, in as many Camel contexts as there are nodes over one journal. */
final class ComponentClient implements LoadClient {
    private final List<CamelContext> contexts = new ArrayList<>();
    private final List<AsyncProducer> producers = new ArrayList<>();
    private final Journals journals;
    private final AtomicInteger next = new AtomicInteger();

    ComponentClient(LoadSettings settings) throws Exception {
        journals = Journals.open(settings.journal(), settings.folder());
        String uri = "genvideo:ima/text_to_video?model=wan2.6-t2v&timeout=2h&maxInFlight=1000000&apiKey="
                + LoadSettings.API_KEY + "&baseUrl=" + settings.service() + "&pollInterval=" + settings.pollMillis();
        for (int node = 0; node < settings.nodes(); node++) {
            CamelContext context = new DefaultCamelContext();
            journals.bind(context.getRegistry());
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:generate").to(uri);
                }
            });
            context.start();
            Endpoint endpoint = context.getEndpoint("direct:generate");
            AsyncProducer producer = endpoint.createAsyncProducer();
            producer.start();
            contexts.add(context);
            producers.add(producer);
        }
    }

    @Override
    public void generate(String prompt, Consumer<@Nullable String> done) {
        AsyncProducer producer = producers.get(Math.floorMod(next.getAndIncrement(), producers.size()));
        Exchange exchange = producer.getEndpoint().createExchange();
        exchange.getMessage().setBody(prompt);
        producer.process(exchange, sync -> {
            Exception failure = exchange.getException();
            if (failure != null) {
                System.err.println("failed: " + failure);
            }
            done.accept(
                    failure == null ? exchange.getMessage().getHeader(GenvideoConstants.TASK_ID, String.class) : null);
        });
    }

    @Override
    public DatabaseMeter.Usage database() throws SQLException {
        return journals.usage();
    }

    @Override
    public void close() throws Exception {
        for (CamelContext context : contexts) {
            context.stop();
        }
        journals.close();
    }
}
