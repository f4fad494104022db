// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>What an adversary may use: its own key, and knowledge of the network.</summary>
public sealed record AdversaryContext(SeededNetwork Network, int Index, ISigner Signer)
{
    /// <summary>A vote of its own for any subject.</summary>
    public Vote Sign(VoteSubject subject) =>
        new(subject, Index, [.. Signer.Sign(subject.SigningDigest(Network.GenesisHash))]);
}

/// <summary>
/// A Byzantine validator: it runs the honest machine and bends what leaves it, peer by peer. Stateless, so
/// one instance may serve several nodes.
/// </summary>
public abstract class Adversary
{
    /// <summary>What is sent to a peer in place of one honest message: nothing, itself, or more.</summary>
    public abstract IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message);

    /// <summary>One of all kinds.</summary>
    public static Adversary Draw(DeterministicRandom random) => random.Below(9) switch
    {
        0 => new SilentValidator(),
        1 => new EquivocatingLeader(),
        2 => new DoubleVoter(),
        3 => new WithholdingLeader(),
        4 => new ForgingVoter(),
        5 => new BadRootLeader(),
        6 => new HiddenVoter(),
        7 => new StaleParentLeader(),
        _ => new FarFutureSpammer(),
    };

    /// <inheritdoc/>
    public override string ToString() => GetType().Name;
}
