// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Testing.Devnet;

/// <summary>
/// Registers senders and gives them units, by the same rules as everybody: proposal and approvals.
/// </summary>
public static class Setup
{
    private const int BatchSize = 100;

    /// <summary>What every sender gets, in atomic units.</summary>
    public static Amount UnitsEach { get; } = new(1_000_000);

    /// <summary>
    /// Accounts with <see cref="UnitsEach"/> of an asset, final on the network's first node.
    /// </summary>
    public static Task<PrivateKey[]> SendersAsync(DevnetClient network, int count, AssetId asset) =>
        FundAsync(network, [.. Enumerable.Range(0, count).Select(SenderKey)], asset);

    /// <summary>
    /// Registers keys as citizens' accounts and has <see cref="UnitsEach"/> issued to each.
    /// </summary>
    public static async Task<PrivateKey[]> FundAsync(
        DevnetClient network, PrivateKey[] senders, AssetId asset)
    {
        using PrivateKey registrar = network.Key("ministry-registrar");
        foreach (PrivateKey[] batch in senders.Chunk(BatchSize))
        {
            await network.DoAsync(registrar, [.. batch.Select(key =>
                (Operation)new RegisterAccount(key.Address, AccountKind.Citizen, Address.Zero))]);
            await IssueAsync(network, batch, asset);
        }

        return senders;
    }

    /// <summary>
    /// Has <see cref="UnitsEach"/> issued to accounts that are registered, at most a hundred.
    /// </summary>
    public static async Task IssueAsync(DevnetClient network, PrivateKey[] owners, AssetId asset)
    {
        using PrivateKey maker = network.Key("ministry-maker-1");
        PrivateKey[] checkers =
        [
            network.Key("ministry-checker-1"), network.Key("treasury-checker-1"),
            network.Key("regulator-checker-1"),
        ];
        V1.TransactionStatus proposed = await network.DoAsync(maker, new Propose(
            [.. owners.Select(key => (PrivilegedOperation)new IssueUnits(asset, key.Address, UnitsEach))],
            new TimestampMs((ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 3_600_000),
            "Units for a load test"));
        await ApproveAsync(network, checkers, proposed);
        Array.ForEach(checkers, static checker => checker.Dispose());
    }

    /// <summary>
    /// Has checkers approve what was just proposed, one after another, until it is no longer open.
    /// </summary>
    public static async Task ApproveAsync(
        DevnetClient network, IEnumerable<PrivateKey> checkers, V1.TransactionStatus proposed)
    {
        V1.ProposalOpened opened = proposed.Events.Single(e => e.ProposalOpened is not null).ProposalOpened;
        foreach (PrivateKey checker in checkers)
        {
            V1.GetProposalResponse now = await network.Nodes[0].Queries.GetProposalAsync(
                new V1.GetProposalRequest { ProposalId = opened.ProposalId });
            if (now.Proposal.Status != V1.ProposalStatus.Open)
            {
                return;
            }

            await network.DoAsync(
                checker, new ApproveProposal(opened.ProposalId, new Hash256(opened.PayloadHash.Span)));
        }
    }

    /// <summary>The same senders in every run: nothing here is worth a secret.</summary>
    private static PrivateKey SenderKey(int index) =>
        PrivateKey.Import(SHA256.HashData(BitConverter.GetBytes(index + 1)));
}
