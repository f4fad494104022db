// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Evm;

namespace TokenLedger.Node.Bridging;

/// <summary>
/// Limits abroad for who asks: read once for each final block, whoever asks how often. Who asks meanwhile
/// waits for the same answer. Thread-safe.
/// </summary>
/// <param name="providers">Makes the quorum that is asked; called at the first read.</param>
internal sealed class LimitsCache(Func<ProviderQuorum> providers)
{
    private readonly Lock _gate = new();
    private ProviderQuorum? _providers;
    private (Hash256 Block, int Tokens, Task<LimitsAbroad> Read)? _last;

    /// <summary>The limits after a block.</summary>
    /// <param name="bridge">The contract.</param>
    /// <param name="at">A final block.</param>
    /// <param name="tokens">All tokens of the lane; there are never fewer later.</param>
    /// <param name="cancellationToken">Ends the wait; the read goes on to its own deadline.</param>
    /// <exception cref="RemoteFaultException">Too few providers say the same.</exception>
    public Task<LimitsAbroad> ReadAsync(
        Address bridge, RemoteHead at, IReadOnlyCollection<Address> tokens,
        CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // What failed is asked again.
            if (_last is not { } last || last.Block != at.Hash || last.Tokens != tokens.Count
                || last.Read.IsFaulted || last.Read.IsCanceled)
            {
                _providers ??= providers();
                last = (at.Hash, tokens.Count, LimitsReader.ReadAsync(
                    _providers, bridge, at, tokens, CancellationToken.None));
                _last = last;
            }

            return last.Read.WaitAsync(cancellationToken);
        }
    }
}
