// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Simulation;

/// <summary>What officers do: stops, limits, freezes, other signers, and who gets a suspended burn.</summary>
internal sealed class BridgeOfficers(BridgeWorld world)
{
    private readonly List<int> _generations = [.. Enumerable.Repeat(0, world.Options.Signers)];

    public static BridgeQuota Wide { get; } = new(
        new Amount(100_000), new Amount(2_500_000),
        new BridgeRate(new Amount(1_000_000), new Amount(20_000)),
        new BridgeRate(new Amount(1_000_000), new Amount(20_000)));

    /// <summary>How many keys each signer has had, without the first.</summary>
    public IReadOnlyList<int> Generations => _generations;

    public bool Pause(BridgeStops stops) => world.Ledger.Pass(
        RegulatorMaker, new PauseBridge(BridgeOptions.ChainId, stops, "simulation"));

    public bool Resume(BridgeStops stops) => world.Ledger.Pass(
        MinistryMaker, new ResumeBridge(BridgeOptions.ChainId, stops, "simulation"));

    public bool PauseAsset(AssetId asset) => world.Ledger.Pass(
        MakerOf(asset), new PauseAsset(asset, "simulation"));

    public bool ResumeAsset(AssetId asset) => world.Ledger.Pass(
        MakerOf(asset), new ResumeAsset(asset, "simulation"));

    public bool Freeze(Address account) => world.Ledger.Pass(
        RegulatorMaker,
        new FreezeAccount(account, FreezeMode.SendAndReceive, "simulation", world.Ledger.Genesis.Hash));

    public bool Unfreeze(Address account) => world.Ledger.Pass(
        RegulatorMaker, new UnfreezeAccount(account, "simulation"));

    public bool Limit(AssetId asset, BridgeQuota quota)
    {
        Address token = BridgeOptions.Tokens.Single(one => one.Asset == asset).Token;
        return world.Ledger.Pass(
            MakerOf(asset), new MapBridgeToken(BridgeOptions.ChainId, asset, token, quota));
    }

    /// <summary>Another key for one signer.</summary>
    public bool Rotate(int signer)
    {
        // The set that was asked for before may still come to stand abroad; the lane halts then.
        world.IsSuperseded |= world.Ledger.Lane.Lane.Rotation != 0;
        _generations[signer]++;
        bool passed = world.Ledger.Pass(MinistryMaker, new RotateBridgeSigners(
            BridgeOptions.ChainId, world.Ledger.Time, BridgeOptions.Set(_generations)));
        _generations[signer] -= passed ? 0 : 1;
        return passed;
    }

    /// <summary>They have found out why the lane halted: wrong supplies, which are over, or a set of signers
    /// that stands abroad and was given up here.</summary>
    public void ResumeHalted()
    {
        BridgeLaneState lane = world.Ledger.Lane.Lane;
        Contracts final = world.Evm.Chain[world.Evm.Chain.Final].After;
        if (final.Epoch > lane.Epoch)
        {
            HashSet<Address> abroad = [.. final.Signers.Select(static signer => signer.Key)];
            int[] generations =
            [
                .. Enumerable.Range(0, world.Options.Signers).Select(signer => Enumerable
                    .Range(0, _generations[signer] + 1)
                    .Single(generation => abroad.Contains(BridgeOptions.KeyOf(signer, generation)))),
            ];
            world.Ledger.Pass(MinistryMaker, new RotateBridgeSigners(
                BridgeOptions.ChainId, world.Ledger.Time, BridgeOptions.Set(generations)));
        }

        Resume(BridgeStops.Halted);
    }

    /// <summary>Lifts all that they decided, and gives burns without a receiver to somebody.</summary>
    public void SetRight()
    {
        BridgeStops stops = world.Ledger.Lane.Lane.Stops & (BridgeStops.Locks | BridgeStops.Releases);
        if (stops != BridgeStops.None)
        {
            Resume(stops);
        }

        foreach ((AssetId asset, _) in BridgeOptions.Tokens)
        {
            Limit(asset, Wide);
            if (world.Ledger.Read.Asset(asset)!.Paused)
            {
                ResumeAsset(asset);
            }
        }

        foreach (Address client in BridgeClients.Receivers)
        {
            if (world.Ledger.Read.Account(client) is { Freeze: not FreezeMode.None })
            {
                Unfreeze(client);
            }
        }
    }

    /// <summary>What no retry can release goes to whom they name; the rest anybody may ask for again.
    /// </summary>
    public void SettleSuspended()
    {
        foreach ((ulong nonce, BridgeBurnState burn) in world.Ledger.Lane.Suspended)
        {
            bool readable = BridgeRecipient.TryRead(burn.Seen.Recipient, out Address to, out _)
                && world.Ledger.Read.Account(to) is not null;
            if (!readable)
            {
                world.Ledger.Pass(RegulatorMaker, new RedirectBridgeRelease(
                    BridgeOptions.ChainId, nonce, Alice, "simulation"));
            }
            else if (burn.Hindrance is RejectionCode.AccountFrozen or RejectionCode.AssetPaused)
            {
                world.Ledger.Submit(Alice, [new RetryBridgeRelease(BridgeOptions.ChainId, nonce)]);
            }
        }
    }

    private static Address MakerOf(AssetId asset) => asset == Bond ? MinistryMaker : TreasuryMaker;
}
