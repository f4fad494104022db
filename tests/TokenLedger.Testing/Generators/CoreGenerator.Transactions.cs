// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Testing.Generators;

/// <summary>Transactions with every kind of operation; their content makes no sense to a ledger.</summary>
public sealed partial class CoreGenerator
{
    /// <summary>
    /// One to <paramref name="maxOperations"/> operations. Its wire form may be over the limit.
    /// </summary>
    public Transaction Transaction(int maxOperations = 3)
    {
        RequestId? requestId = Coin() ? new RequestId(U128()) : null;
        return new Transaction(
            Address(), U32(), U64(), Time(), requestId, Text(Limits.MemoBytes),
            Some(maxOperations, Operation));
    }

    public Operation Operation() => Below(9) switch
    {
        0 => new Transfer(Asset(), Address(), Amount()),
        1 => new RegisterAccount(Address(), Enum<AccountKind>(), Address()),
        2 => new Propose(Some(3, Privileged), Time(), Text(Limits.ReferenceBytes)),
        3 => new ApproveProposal(U64(), Hash()),
        4 => new CancelProposal(U64(), Text(Limits.ReferenceBytes)),
        5 => new Transfer(Asset(), Address(), Amount(), Coin() ? 0 : U64(), Coin() ? 0 : U64()),
        6 => new RequireTag(Address(), Coin()),
        _ => BridgeOperation(),
    };

    private ImmutableArray<T> Some<T>(int maxCount, Func<T> item) =>
        [.. Enumerable.Range(0, 1 + Below(maxCount)).Select(_ => item())];
}
