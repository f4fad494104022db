// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Remote;
using TokenLedger.Core.Bridge;

namespace TokenLedger.Bridge;

/// <summary>
/// Looks backwards, part after part, for ends of locks whose events were left out when their blocks were
/// read. What was searched stays searched when a part fails, and the next look asks for fewer blocks at once:
/// so it gets through with providers that give little.
/// </summary>
internal sealed class EventSearch(IRemoteChain remote)
{
    /// <summary>Blocks whose events are asked for in one read, at first.</summary>
    private const ulong BlocksAtOnce = 10_000;

    /// <summary>How far back it goes: a month of a chain with a block a second, and no lock lives
    /// longer.</summary>
    private const ulong BlocksBack = 3_000_000;

    private readonly HashSet<ulong> _wanted = [];
    private readonly List<BridgeObservation> _found = [];
    private ulong _atOnce = BlocksAtOnce;
    private ulong _end;
    private ulong _start;

    /// <summary>The events that end these nonces, as far as there are any.</summary>
    /// <param name="nonces">Of locks that have ended abroad.</param>
    /// <param name="first">The first block that can have one.</param>
    /// <param name="last">The last one.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="RemoteFaultException">A part could not be read; the next call goes on
    /// there.</exception>
    public async Task<IReadOnlyList<BridgeObservation>> FindAsync(
        IReadOnlySet<ulong> nonces, ulong first, ulong last, CancellationToken cancellationToken)
    {
        if (nonces.Count == 0)
        {
            _wanted.Clear();
            return [];
        }

        if (!nonces.IsSubsetOf(_wanted))
        {
            Begin(nonces, first, last);
        }

        while (_end > _start && !nonces.IsSubsetOf(_found.Select(static fact => fact.Subject.Number)))
        {
            ulong from = Math.Max(_start, _end - Math.Min(_end, _atOnce));
            try
            {
                _found.AddRange(
                    (await remote.FactsAsync(from, _end - 1, cancellationToken).ConfigureAwait(false))
                    .Where(fact => fact.Subject.Kind == BridgeSubjectKind.Outcome
                        && _wanted.Contains(fact.Subject.Number)));
            }
            catch (RemoteFaultException) when (_end - from > 1)
            {
                _atOnce = (_end - from) / 2;
                throw;
            }

            _end = from;
        }

        // Should the answer be wrong, the next call asks for everything again.
        _wanted.Clear();
        return [.. _found.Where(fact => nonces.Contains(fact.Subject.Number))];
    }

    private void Begin(IReadOnlySet<ulong> nonces, ulong first, ulong last)
    {
        _wanted.Clear();
        _wanted.UnionWith(nonces);
        _found.Clear();
        _atOnce = BlocksAtOnce;
        _end = last + 1;
        _start = Math.Max(first, _end - Math.Min(_end, BlocksBack));
    }
}
