// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Storage;

/// <summary>
/// The ledger as one commit left it: what an answer of several reads, or of several pages, is read from.
/// Short-lived; dispose it before its store.
/// </summary>
public sealed class LedgerSnapshot : LedgerReader, IDisposable
{
    private readonly ISnapshot _snapshot;

    internal LedgerSnapshot(ISnapshot snapshot, string name)
        : base(snapshot, name)
    {
        _snapshot = snapshot;
        ChainHead? head = FindHead();
        Invariant.Require(head is not null, "an open ledger has a head");
        Head = head;
    }

    /// <inheritdoc/>
    public override ChainHead Head { get; }

    /// <inheritdoc/>
    public void Dispose() => _snapshot.Dispose();
}
