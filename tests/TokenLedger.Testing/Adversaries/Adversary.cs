// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Testing;

/// <summary>
/// A Byzantine validator: it runs the honest machine, bends what leaves it, peer by peer, and may be deaf to
/// what comes. It remembers nothing itself (<see cref="AdversaryContext"/> does), so one instance may serve
/// several nodes, and the same classes serve the seeded network, the simulated cluster and real processes.
/// </summary>
public abstract class Adversary
{
    /// <summary>What is sent to a peer in place of one honest message: nothing, itself, or more.</summary>
    public virtual IEnumerable<PeerMessage> Bend(AdversaryContext context, int to, PeerMessage message) =>
        [message];

    /// <summary>False for a message that its own machine does not get to see.</summary>
    public virtual bool Hears(AdversaryContext context, int from, PeerMessage message) => true;

    /// <inheritdoc/>
    public override string ToString() => GetType().Name;
}
