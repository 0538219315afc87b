/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.skillsvideo;

import io.genvideo.sandbox.Ledger;
import java.util.Optional;

/**
 * The two buckets of an account. Half of its start balance is a subscription; the ledger knows what is left of both
 * together.
 */
final class Credits {
    private final Ledger ledger;
    private final long permanent;

    /** @param balance what an account starts with */
    Credits(Ledger ledger, long balance) {
        this.ledger = ledger;
        this.permanent = balance - balance / 2;
    }

    Usage left(String account) {
        long total = ledger.balance(account);
        return new Usage(Math.max(0, total - permanent), Math.min(total, permanent));
    }

    /** Books a create; empty if the account cannot pay for it. */
    synchronized Optional<Usage> charge(String account, String id, CreateRequest create, String sourceHash) {
        Usage before = left(account);
        boolean paid = ledger.charge(
                SkillsvideoService.NAME,
                account,
                id,
                create.model().name(),
                create.credits(),
                Ledger.hash(create.prompt()),
                sourceHash);
        if (!paid) {
            return Optional.empty();
        }
        long fromSubscription = Math.min(before.subscription(), create.credits());
        return Optional.of(new Usage(fromSubscription, create.credits() - fromSubscription));
    }
}
