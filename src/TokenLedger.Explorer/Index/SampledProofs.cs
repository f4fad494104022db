// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;

namespace TokenLedger.Explorer.Index;

/// <summary>Asks a node for the proof of a balance; null when it gives none.</summary>
internal delegate Task<BalanceProof?> Prove(
    Address account, AssetId asset, CancellationToken cancellationToken);

/// <summary>
/// Compares some balances of an index with what the ledger's state has: Merkle proofs of it, which signatures
/// of the validators lead to. Blocks are verified by the roots over what is in them; this is the state that
/// came of them, and the only thing about it that an index can be compared with.
/// </summary>
internal sealed class SampledProofs(Prove prove, Hash256 genesisHash, ISignatureScheme scheme)
{
    /// <summary>Balances that are compared.</summary>
    public const int Most = 16;

    private readonly List<VerifiedBalance> _proven = [];

    /// <summary>How many proofs were asked for.</summary>
    public int Asked { get; private set; }

    /// <summary>How many were proven.</summary>
    public int Count => _proven.Count;

    /// <summary>
    /// Asks for proofs of balances of an index, taken at random. They are as of the node's newest block:
    /// compare them once the index is there.
    /// </summary>
    /// <returns>What is wrong with the proofs themselves, a sentence each.</returns>
    public async Task<IReadOnlyList<string>> AskAsync(IIndexView view, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (BalanceRow row in await SampleAsync(view, cancellationToken).ConfigureAwait(false))
        {
            Asked++;
            BalanceProof? proof = await prove(row.Account, row.Asset, cancellationToken)
                .ConfigureAwait(false);
            if (proof is null)
            {
                continue;
            }

            VerifiedBalance? proven = BalanceProofVerifier.Verify(
                proof, genesisHash, scheme, out string failure);
            if (proven is null || (proven.Account, proven.Asset) != (row.Account, row.Asset))
            {
                problems.Add(
                    $"The node's proof of what {row.Account} has of {row.Asset} proves something else."
                        + $" {failure}");
                continue;
            }

            _proven.Add(proven);
        }

        return problems;
    }

    /// <summary>Which balances are other than was proven, a sentence each.</summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync(
        IIndexView view, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (VerifiedBalance proven in _proven)
        {
            if (proven.Height > view.Cursor.Height)
            {
                problems.Add(
                    $"What {proven.Account} has was proven at height {proven.Height}; the index ends at"
                        + $" {view.Cursor.Height}.");
                continue;
            }

            Amount own = await view
                .BalanceAtAsync(proven.Account, proven.Asset, proven.Height, cancellationToken)
                .ConfigureAwait(false);
            if (own != proven.Amount)
            {
                problems.Add(
                    $"{proven.Account} has {own} of {proven.Asset} at height {proven.Height}; the ledger's"
                        + $" state has {proven.Amount}.");
            }
        }

        return problems;
    }

    /// <summary>The first balances of accounts behind random addresses, each once.</summary>
    private static async Task<IReadOnlyCollection<BalanceRow>> SampleAsync(
        IIndexView view, CancellationToken cancellationToken)
    {
        var sample = new HashSet<BalanceRow>();
        for (int i = 0; i < Most; i++)
        {
            var from = new Address(RandomNumberGenerator.GetBytes(Address.Size));
            IReadOnlyList<AccountRow> accounts = await view.AccountsAsync(from, Most, cancellationToken)
                .ConfigureAwait(false);
            foreach (AccountRow account in accounts)
            {
                IReadOnlyList<BalanceRow> balances = await view
                    .BalancesAsync(account.Account, null, 1, cancellationToken).ConfigureAwait(false);
                if (balances is [BalanceRow balance] && sample.Add(balance))
                {
                    break;
                }
            }
        }

        return sample;
    }
}
