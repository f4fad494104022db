// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Core.Tests.State;

public sealed class StateKeysTests
{
    [Fact]
    public void Keys_Random_DistinctInputsGiveDistinctKeysOfTheirTable()
    {
        var generator = new CoreGenerator(11);
        for (int i = 0; i < 500; i++)
        {
            Address address = generator.Address();
            AssetId asset = generator.Asset();
            var request = new RequestId(generator.U128());
            TimestampMs time = generator.Time();
            ulong id = generator.U64();
            (Table Table, byte[] Key)[] keys =
            [
                (Table.Account, StateKeys.Account(address)),
                (Table.Balance, StateKeys.Balance(address, asset)),
                (Table.Nonce, StateKeys.Nonce(address, generator.U32())),
                (Table.Request, StateKeys.Request(address, request)),
                (Table.RequestExpiry, StateKeys.RequestExpiry(time, address, request)),
                (Table.Asset, StateKeys.Asset(asset)),
                (Table.Supply, StateKeys.Supply(asset)),
                (Table.Document, StateKeys.Document(asset, generator.U16())),
                (Table.Institution, StateKeys.Institution(address)),
                (Table.Officer, StateKeys.Officer(address)),
                (Table.Policy, StateKeys.Policy(generator.Enum<PrivilegedKind>())),
                (Table.Proposal, StateKeys.Proposal(id)),
                (Table.Schedule, StateKeys.Schedule(time, id)),
                (Table.Meta, StateKeys.Meta(MetaKey.NextProposal)),
                (Table.BridgeLane, StateKeys.BridgeLane(id)),
                (Table.BridgeToken, StateKeys.BridgeToken(id, asset)),
                (Table.BridgeTokenAsset, StateKeys.BridgeTokenAsset(id, address)),
                (Table.BridgeLock, StateKeys.BridgeLock(id, time.Value)),
                (Table.BridgeQueue, StateKeys.BridgeQueue(id, time.Value)),
                (Table.BridgeDelayed, StateKeys.BridgeDelayed(id, time, id)),
                (Table.BridgeOutstanding, StateKeys.BridgeOutstanding(id, asset, time.Value)),
                (Table.BridgeMessage, StateKeys.BridgeMessage(id, time.Value)),
                (Table.BridgeOpenMessage, StateKeys.BridgeOpenMessage(id, time.Value)),
                (Table.BridgeVote, StateKeys.BridgeVote(
                    id, new BridgeSubject(generator.Enum<BridgeSubjectKind>(), time.Value, address))),
                (Table.BridgeBurn, StateKeys.BridgeBurn(id, time.Value)),
                (Table.BridgeSuspended, StateKeys.BridgeSuspended(id, time.Value)),
                (Table.BridgeOwner, StateKeys.BridgeOwner(id, address)),
            ];

            Assert.All(keys, entry => Assert.Equal((byte)entry.Table, entry.Key[0]));
            Assert.Equal(Enum.GetValues<Table>().Order(), keys.Select(entry => entry.Table).Order());
            Assert.Equal(
                keys.Length, keys.Select(entry => Convert.ToHexString(entry.Key)).Distinct().Count());
        }
    }

    [Fact]
    public void Schedule_LaterMoment_StandsLaterInByteOrder()
    {
        var generator = new CoreGenerator(12);
        for (int i = 0; i < 500; i++)
        {
            (TimestampMs Time, ulong Id) left = (generator.Time(), generator.U64());
            (TimestampMs Time, ulong Id) right = (
                generator.Coin() ? left.Time : generator.Time(), generator.U64());
            int expected = left.Time.CompareTo(right.Time) is var byTime && byTime != 0
                ? byTime
                : left.Id.CompareTo(right.Id);

            int actual = StateKeys.Schedule(left.Time, left.Id).AsSpan()
                .SequenceCompareTo(StateKeys.Schedule(right.Time, right.Id));

            Assert.Equal(Math.Sign(expected), Math.Sign(actual));
        }
    }
}
