// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// What a Byzantine signer does, all of them with the same lies: false observations of every kind, wrong
/// signatures, right ones on what nobody asked for, calls abroad with what it can get, and what was signed
/// once more.
/// </summary>
internal sealed class BridgeLiars(BridgeWorld world)
{
    /// <summary>For so long all of them tell the same lie, so that their votes count together.</summary>
    private const ulong SameLieMs = 20_000;

    private readonly Purpose _lies = new(world.Options.Seed, "bridge lies");
    private readonly SortedDictionary<string, ulong> _acts = new(StringComparer.Ordinal);

    public static ImmutableArray<string> All { get; } =
        ["observes what is not", "signs wrongly", "forges a batch", "signs anything", "sends again"];

    public IReadOnlyDictionary<string, ulong> Acts => _acts;

    public void Act(BridgeNode node, DeterministicRandom random)
    {
        int index = random.Below(All.Length);
        bool acted = index switch
        {
            0 => Observe(node),
            1 => SignWrongly(node, random),
            2 => Forge(node),
            3 => SignAnything(node),
            _ => SendAgain(node),
        };
        if (acted)
        {
            _acts[All[index]] = _acts.GetValueOrDefault(All[index]) + 1;
        }
    }

    private bool Observe(BridgeNode node)
    {
        DeterministicRandom lie = _lies.At(world.Time.NowMs / SameLieMs);
        BridgeLaneState lane = node.Lane.Lane;
        ModelBlock block = world.Evm.Chain.Latest;
        var place = new BridgePlace(block.Header.Number, block.Header.Hash, lane.Terms.RemoteGenesis);
        ulong[] open = [.. node.Lane.Outstanding.Keys];
        ulong nonce = open.Length > 0 ? lie.Pick(open) : lane.NextLock;
        Address token = lie.Pick(BridgeOptions.Tokens).Token;
        BridgeObservation observation = lie.Below(7) switch
        {
            0 => new BurnObserved(
                lane.NextBurn, token, BridgeClients.Holders[0], BridgeRecipient.Of(TestNetwork.Alice),
                new Amount(777), default, place),
            1 => new MintObserved(nonce, place),
            2 => new VoidObserved(nonce, place),
            3 => new ExpiryObserved(nonce),
            4 => new RotationObserved(lane.Epoch + 1, lane.Terms.RemoteGenesis, place),
            5 => new SupplyObserved(token, new Amount(1), 0, place with { TransactionHash = default }),
            _ => new MismatchObserved(
                token, Amount.Zero, new Amount(1), place with { TransactionHash = default }),
        };
        Submit(node, new ObserveBridge(BridgeOptions.ChainId, [observation]));
        return true;
    }

    private bool SignWrongly(BridgeNode node, DeterministicRandom random)
    {
        if (node.Lane.Messages.Count == 0)
        {
            return false;
        }

        ulong id = random.Pick([.. node.Lane.Messages.Keys]);
        byte[] signature = KeyedHashScheme.SignerOf(node.Key).Sign(world.Ledger.Genesis.Hash);
        Submit(node, new AttestBridge(
            BridgeOptions.ChainId, id, node.Lane.Lane.Epoch, [.. signature]));
        return true;
    }

    private bool SignAnything(BridgeNode node)
    {
        foreach ((ulong id, BridgeMessageState message) in node.Lane.Messages)
        {
            Hash256 digest = world.Messages.Digest(message, node.Lane.Lane.Epoch);
            Submit(node, new AttestBridge(
                BridgeOptions.ChainId, id, node.Lane.Lane.Epoch,
                [.. KeyedHashScheme.SignerOf(node.Key).Sign(digest)]));
        }

        return node.Lane.Messages.Count > 0;
    }

    /// <summary>A batch of its own with the liars' signatures, and those that others gave for another.
    /// </summary>
    private bool Forge(BridgeNode node)
    {
        BridgeLaneState lane = node.Lane.Lane;
        BridgeMessageState? real = node.Lane.Messages.Values.FirstOrDefault(
            message => message.Kind == BridgeMessageKind.Mint && message.Term == lane.Term);
        var item = new BridgeItem(lane.NextLock + 5, BridgeClients.Holders[0], new Amount(9_999));
        BridgeMessageState forged = new(
            BridgeMessageKind.Mint, lane.Epoch, lane.Term, BridgeOptions.Tokens[0].Token,
            new Amount(9_999_999), (NodeClock.At(world.Time.NowMs) / 1_000) + 10_000, [item], [], 1, []);
        Hash256 digest = world.Messages.Digest(forged, lane.Epoch);
        var signatures = new SortedDictionary<byte, BridgeSignature>();
        foreach (BridgeSignature other in real?.Signatures ?? [])
        {
            signatures[other.Signer] = other;
        }

        foreach (BridgeNode liar in world.Nodes.Where(static one => one.IsByzantine))
        {
            int seat = lane.IndexOf(liar.Key);
            if (seat >= 0)
            {
                signatures[(byte)seat] = new BridgeSignature(
                    (byte)seat, [.. KeyedHashScheme.SignerOf(liar.Key).Sign(digest)]);
            }
        }

        Send(lane, forged, [.. signatures.Values.Take(lane.Quorum)]);
        return true;
    }

    /// <summary>What a quorum signed, once more, and past everybody's turn.</summary>
    private bool SendAgain(BridgeNode node)
    {
        BridgeLaneState lane = node.Lane.Lane;
        BridgeMessageState[] signed =
        [
            .. node.Lane.Messages.Values.Where(
                message => message.Term == lane.Term && message.Signatures.Length >= lane.Quorum),
        ];
        foreach (BridgeMessageState message in signed)
        {
            Send(lane, message, [.. message.Signatures.Take(lane.Quorum)]);
            Send(lane, message, [.. message.Signatures.TakeLast(lane.Quorum)]);
        }

        return signed.Length > 0;
    }

    private void Send(
        BridgeLaneState lane, BridgeMessageState message, ImmutableArray<BridgeSignature> signatures)
    {
        (Address to, byte[] data) = BridgeMessages.Call(lane, message, signatures);
        world.Evm.Call(to, data);
    }

    private void Submit(BridgeNode node, Operation operation) =>
        world.Ledger.Submit(node.Key, [operation], 100);
}
