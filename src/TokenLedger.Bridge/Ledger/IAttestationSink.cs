// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Bridge.Ledger;

/// <summary>The bridge's door to the ledger: the node opens it. Thread-safe.</summary>
public interface IAttestationSink
{
    /// <summary>Reads the lane in the newest final state, and does something with it at once.</summary>
    /// <returns>The default when the ledger has no such lane.</returns>
    T? Read<T>(ulong chainId, Func<LaneView, T> use);

    /// <summary>
    /// Hands operations in as one transaction of the signer's key. What becomes of it shows in the state; it
    /// is not waited for.
    /// </summary>
    /// <returns>False when the ledger takes nothing now: try again later.</returns>
    Task<bool> SubmitAsync(ImmutableArray<Operation> operations, CancellationToken cancellationToken);
}
