// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing;

namespace TokenLedger.Chaos;

/// <summary>An adversary behind a lock: streams are served on many threads.</summary>
internal sealed class Misbehaviour(Adversary adversary, AdversaryContext context)
{
    private readonly Lock _gate = new();

    public IReadOnlyList<PeerMessage> Send(int to, PeerMessage message)
    {
        lock (_gate)
        {
            return context.Send(adversary, to, message);
        }
    }

    public bool Receive(int from, PeerMessage message)
    {
        lock (_gate)
        {
            return context.Receive(adversary, from, message);
        }
    }

    public IReadOnlyDictionary<string, ulong> Acts()
    {
        lock (_gate)
        {
            return new SortedDictionary<string, ulong>(
                context.Acts.ToDictionary(), StringComparer.Ordinal);
        }
    }
}
