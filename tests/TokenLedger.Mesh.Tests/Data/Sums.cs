// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Genesis;
using TokenLedger.Mesh.Operations;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Mesh.Tests.Data;

/// <summary>Balances as a reader of operations computes them.</summary>
internal static class Sums
{
    /// <summary>An account's balance of the one asset that a test moves.</summary>
    public static UInt128 Of(IEnumerable<VerifiedBlock> blocks, GenesisDocument genesis, Address account)
    {
        Int128 sum = 0;
        foreach (MeshOperation operation in blocks
            .SelectMany(block => OperationMapper.Transactions(block, genesis))
            .Where(static transaction => transaction.Succeeded)
            .SelectMany(static transaction => transaction.Operations)
            .Where(operation => operation.Account == account))
        {
            Assert.Contains(operation.Type, OperationTypes.All);
            if (operation.Change is { } change)
            {
                sum += change.IsDebit ? -(Int128)change.Amount.Units : (Int128)change.Amount.Units;
                Assert.True(sum >= 0, "no balance is ever negative");
            }
        }

        return (UInt128)sum;
    }
}
