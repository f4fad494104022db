// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Ledger;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.State;

namespace TokenLedger.Node.Bridging;

/// <summary>
/// Notes when signers were heard of: each transaction of a signer takes a nonce, so that nonces grow shows
/// that it is alive. Looks are as far apart as polls of the chain abroad. Thread-safe.
/// </summary>
internal sealed class SignerWatch
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Address, (ulong Nonces, TimestampMs Heard)> _signers = [];
    private TimestampMs _since;

    /// <summary>The ledger's time at the first look; 0 before it.</summary>
    public TimestampMs Since
    {
        get
        {
            lock (_gate)
            {
                return _since;
            }
        }
    }

    /// <summary>The time of the block in which a signer was last heard of; 0 for not since
    /// <see cref="Since"/>.</summary>
    public TimestampMs HeardAt(Address signer)
    {
        lock (_gate)
        {
            return _signers.GetValueOrDefault(signer).Heard;
        }
    }

    /// <summary>Looks at a lane's present signers.</summary>
    public void Look(LaneView lane, IStateView state)
    {
        lock (_gate)
        {
            _since = _since == default ? lane.Time : _since;
            foreach (BridgeSigner signer in lane.Lane.Signers)
            {
                ulong nonces = NoncesOf(signer.Key, state);
                bool known = _signers.TryGetValue(signer.Key, out var last);
                if (!known || nonces > last.Nonces)
                {
                    _signers[signer.Key] = (nonces, known ? lane.Time : default);
                }
            }
        }
    }

    /// <summary>How many nonces a sender has used, in all lanes.</summary>
    private static ulong NoncesOf(Address sender, IStateView state)
    {
        ulong sum = 0;
        foreach (StateEntry row in state.Range(
            StateKeys.Nonce(sender, 0), StateKeys.Nonce(sender, uint.MaxValue), Limits.LanesPerSender))
        {
            sum += StateCodec.Decode(row.Value.Span, StateCodec.ReadNumber);
        }

        return sum;
    }
}
