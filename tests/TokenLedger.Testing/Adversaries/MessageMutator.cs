// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// Typed message mutation: now and then sends a message with one small change that its type allows, signed
/// again with its own key where that makes it well-formed. Small changes get past the first checks, where
/// random bytes do not.
/// </summary>
public sealed class MessageMutator : Adversary
{
    private const int PerMille = 250;

    public override IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message)
    {
        DeterministicRandom random = context.Draw(IdOf(message) + (ulong)to);
        if (!random.PerMille(PerMille))
        {
            return [message];
        }

        PeerMessage? mutant = message switch
        {
            VoteMessage { Vote: var vote } => Mutate(context, vote, random),
            ProposalMessage proposal => Mutate(context, proposal, random),
            CertificateMessage certificate => Mutate(context, certificate, random),
            BlockMessage block => Mutate(block, random),
            TransactionsMessage batch => Mutate(batch, random),
            StatusMessage status => status with { Height = new Height(status.Height.Value + 1) },
            _ => null,
        };
        return mutant is null ? [message] : random.PerMille(500) ? [mutant] : [message, mutant];
    }

    private static ulong IdOf(PeerMessage message) => message switch
    {
        VoteMessage { Vote.Subject: var subject } => Id(1, subject.View, (ulong)subject.Kind),
        ProposalMessage { Proposal.View: var view } => Id(2, view, 0),
        CertificateMessage { Certificate.Subject: var subject } => Id(3, subject.View, (ulong)subject.Kind),
        BlockMessage { Header.View: var view } => Id(4, view, 0),
        StatusMessage { View: var view, Height.Value: var height } => Id(5, view, height),
        TransactionsMessage { Transactions: [var first, ..] } => Id(6, default, first.Signature[40]),
        _ => 0,
    };

    private static ulong Id(ulong type, View view, ulong part) =>
        unchecked((type << 60) ^ (view.Value << 16) ^ (part << 8));

    private static VoteMessage Mutate(AdversaryContext context, Vote vote, DeterministicRandom random)
    {
        VoteSubject subject = vote.Subject;
        Vote mutant = random.Below(6) switch
        {
            0 => context.Sign(subject with { View = Near(subject.View, random) }),
            1 => context.Sign(OfOtherKind(context, subject, random)),
            2 when subject.Kind != VoteKind.Nullify => context.Sign(
                subject with { BlockHash = OtherHash(context, subject.BlockHash, random) }),
            3 => vote with { Signer = random.Below(context.Validators.Count) },
            4 => context.Sign(subject with { Epoch = new Epoch(subject.Epoch.Value + 1) }),
            _ => context.Recent.OfType<VoteMessage>().Select(old => old.Vote)
                .FirstOrDefault(old => old.Signer == context.Index) ?? vote,
        };
        return new VoteMessage(mutant);
    }

    private static ProposalMessage Mutate(
        AdversaryContext context, ProposalMessage message, DeterministicRandom random)
    {
        var proposal = message.Proposal;
        BlockHeader header = proposal.Header;
        return random.Below(7) switch
        {
            0 => new ProposalMessage(proposal with { ParentView = Near(proposal.ParentView, random) }),
            1 => context.Propose(proposal, header with { Height = new Height(header.Height.Value + 1) }),
            2 => context.Propose(
                proposal, header with { Timestamp = new TimestampMs(header.Timestamp.Value + 1) }),
            3 => context.Propose(
                proposal, header with { ParentHash = OtherHash(context, header.ParentHash, random) }),
            4 => context.Propose(
                proposal, header with { StateRoot = OtherHash(context, header.StateRoot, random) }),
            5 => context.Propose(proposal, header with { View = Near(header.View, random) }),
            _ => context.Propose(
                proposal, header with { HistoryRoot = OtherHash(context, header.HistoryRoot, random) }),
        };
    }

    private static CertificateMessage Mutate(
        AdversaryContext context, CertificateMessage message, DeterministicRandom random)
    {
        Certificate held = message.Certificate;
        int at = random.Below(held.Signatures.Length);
        uint lowest = held.Signers & (~held.Signers + 1);
        Certificate mutant = random.Below(5) switch
        {
            // Without the signature of its lowest signer: one short, or still a quorum.
            0 when held.Count > 1 => held with
            {
                Signers = held.Signers & ~lowest,
                Signatures = held.Signatures.RemoveAt(0),
            },
            1 => held with
            {
                Signatures = held.Signatures.SetItem(at, context.Sign(held.Subject).Signature),
            },
            2 => held with { Subject = held.Subject with { View = Near(held.Subject.View, random) } },
            3 => held with
            {
                Subject = OfOtherKind(context, held.Subject, random),
            },
            _ => context.Recent.OfType<CertificateMessage>().FirstOrDefault()?.Certificate ?? held,
        };
        return message with { Certificate = mutant };
    }

    private static BlockMessage Mutate(BlockMessage message, DeterministicRandom random)
    {
        Block block = message.Block;
        bool drop = block.Transactions.Length > 0 && random.PerMille(500);
        return new BlockMessage(drop
            ? block with { Transactions = block.Transactions.RemoveAt(0) }
            : block with { Header = block.Header with { Height = block.Header.Height.Next } });
    }

    private static TransactionsMessage Mutate(TransactionsMessage message, DeterministicRandom random)
    {
        var batch = message.Transactions;
        int at = random.Below(batch.Length);
        byte[] body = [.. batch[at].Body];
        body[random.Below(body.Length)] ^= (byte)(1 << random.Below(8));
        return new TransactionsMessage(batch.SetItem(at, batch[at] with { Body = [.. body] }));
    }

    private static View Near(View view, DeterministicRandom random) =>
        random.PerMille(500) || view.Value == 0 ? view.Next : view.Previous;

    /// <summary>Another kind of vote of the same view: a nullify names no block, the others one.</summary>
    private static VoteSubject OfOtherKind(
        AdversaryContext context, in VoteSubject subject, DeterministicRandom random) => subject.Kind switch
        {
            VoteKind.Notarize => subject with { Kind = VoteKind.Finalize },
            VoteKind.Finalize => subject with { Kind = VoteKind.Nullify, BlockHash = default },
            _ => subject with
            {
                Kind = VoteKind.Notarize,
                BlockHash = OtherHash(context, DoubleNotarizer.OtherBlock(subject.View), random),
            },
        };

    /// <summary>A hash that is used elsewhere, if there is one.</summary>
    private static Hash256 OtherHash(AdversaryContext context, Hash256 hash, DeterministicRandom random)
    {
        Hash256[] known = [.. context.Recent.OfType<ProposalMessage>()
            .Select(seen => seen.Proposal.BlockHash).Where(seen => seen != hash)];
        return known.Length > 0 && random.PerMille(700)
            ? random.Pick(known)
            : Hashing.Hash(DomainTag.Header, hash.ToArray());
    }
}
