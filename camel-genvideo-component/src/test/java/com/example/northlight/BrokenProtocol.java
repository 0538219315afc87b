/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package com.example.northlight;

import com.example.northlight.BrokenProvidersTest.Defect;
import io.genvideo.model.GenerationRequest;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.ExpectedTime;
import io.genvideo.spi.GenerationProvider;
import io.genvideo.spi.GenerationProviderFactory;
import io.genvideo.spi.LostSubmission;
import io.genvideo.spi.PlannedGeneration;
import io.genvideo.spi.PollOutcome;
import io.genvideo.spi.ProviderContext;
import io.genvideo.spi.ProviderDescriptor;
import io.genvideo.spi.ReadyGeneration;
import io.genvideo.spi.RecoveryOutcome;
import io.genvideo.spi.SubmitOutcome;
import io.genvideo.spi.SubmittedTask;
import java.math.BigDecimal;
import java.net.URI;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Northlight behind a provider that has a defect. */
final class BrokenProtocol extends NorthlightProtocol {
    private final Defect defect;

    BrokenProtocol(Defect defect) {
        this.defect = defect;
    }

    @Override
    public GenerationProviderFactory factory() {
        return new BrokenFactory(super.factory(), defect);
    }

    private record BrokenFactory(GenerationProviderFactory real, Defect defect) implements GenerationProviderFactory {
        @Override
        public ProviderDescriptor descriptor() {
            return real.descriptor();
        }

        @Override
        public GenerationProvider create(ProviderContext context) {
            return new BrokenProvider(real.create(context), defect);
        }
    }

    private record BrokenProvider(GenerationProvider real, Defect defect) implements GenerationProvider {
        @Override
        public CompletionStage<PlannedGeneration> plan(GenerationRequest request, CallOptions options) {
            return real.plan(defect.request(request), options).thenApply(plan -> new BrokenPlan(plan, defect));
        }

        @Override
        public CompletionStage<PollOutcome> poll(SubmittedTask task, CallOptions options) {
            return defect.poll(real, task, options);
        }

        @Override
        public CompletionStage<RecoveryOutcome> recover(LostSubmission lost, CallOptions options) {
            return defect.recover(real, lost);
        }

        @Override
        public boolean ownsOrigin(URI uri) {
            return real.ownsOrigin(uri);
        }
    }

    private record BrokenPlan(PlannedGeneration real, Defect defect) implements PlannedGeneration {
        @Override
        public String model() {
            return real.model();
        }

        @Override
        public @Nullable BigDecimal credits() {
            return real.credits();
        }

        @Override
        public ExpectedTime expectedTime() {
            return real.expectedTime();
        }

        @Override
        public CompletionStage<ReadyGeneration> stage() {
            return real.stage().thenCompose(defect::stage).thenApply(ready -> new BrokenReady(ready, this));
        }
    }

    private record BrokenReady(ReadyGeneration real, BrokenPlan plan) implements ReadyGeneration {
        @Override
        public CompletionStage<SubmitOutcome> submit() {
            return plan.defect().submit(real);
        }

        @Override
        public CompletionStage<ReadyGeneration> refresh() {
            return plan.stage();
        }
    }
}
