// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing.Generators;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Tests.Wire;

public sealed class EventMapperTests
{
    /// <summary>Wire fields that have another name in the domain.</summary>
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["AssetClass"] = "Class",
        ["ExecuteAtMs"] = "ExecuteAt",
    };

    /// <summary>
    /// Every field of every kind of event, by reflection: a new kind without a mapping fails here.
    /// </summary>
    [Fact]
    public void ToWire_EveryKindOfEvent_CarriesEveryField()
    {
        var seen = new HashSet<string>();
        for (int seed = 0; seed < 600; seed++)
        {
            LedgerEvent happened = new CoreGenerator(seed).Event().Event;
            seen.Add(happened.GetType().Name);
            V1.Event wire = EventMapper.ToWire(happened, new Height(7), new TimestampMs(8), 9, null);
            Assert.Equal(happened.GetType().Name, wire.KindCase.ToString());
            FieldDescriptor kind = V1.Event.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(wire);
            AssertSameFields(happened, (IMessage)kind.Accessor.GetValue(wire), seed);
        }

        Assert.Equal(
            typeof(LedgerEvent).Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(LedgerEvent)))
                .Select(type => type.Name)
                .Order(),
            seen.Order());
        Assert.Equal(V1.Event.Descriptor.Oneofs[0].Fields.Count, seen.Count);
    }

    [Fact]
    public void ToWire_Event_SaysWhereItHappened()
    {
        V1.Event wire = EventMapper.ToWire(
            new ProposalExecuted(1), new Height(7), new TimestampMs(8), 9, WireSamples.Hash(3));
        Assert.Equal((7ul, 8ul, 9u), (wire.Height, wire.TimeMs, wire.Index));
        Assert.Equal(WireSamples.Hash(3).ToArray(), wire.TransactionId.ToByteArray());
        wire = EventMapper.ToWire(new ProposalExecuted(1), new Height(7), new TimestampMs(8), 9, null);
        Assert.True(wire.TransactionId.IsEmpty);
    }

    private static void AssertSameFields(object domain, IMessage wire, int seed)
    {
        var taken = new HashSet<string>();
        foreach (FieldDescriptor field in wire.Descriptor.Fields.InFieldNumberOrder())
        {
            string name = Renamed.GetValueOrDefault(field.PropertyName, field.PropertyName);
            PropertyInfo? property = domain.GetType().GetProperty(name);
            Assert.True(property is not null, $"{domain.GetType().Name} has no {name}");
            string expected = Text(property.GetValue(domain));
            string actual = Text(field.Accessor.GetValue(wire));
            Assert.True(
                expected == actual, $"seed {seed}: {domain.GetType().Name}.{name}: {expected}, {actual}");
            taken.Add(name);
        }

        int properties = domain.GetType().GetProperties().Count(p => p.Name != "EqualityContract");
        Assert.Equal(properties, taken.Count);
    }

    private static string Text(object? value) => value switch
    {
        ByteString bytes =>
            !bytes.Span.ContainsAnyExcept((byte)0) ? "nothing" : Convert.ToHexString(bytes.Span),
        BridgePlace place => string.Join(
            ' ', place.Number, Text(place.BlockHash), Text(place.TransactionHash)),
        V1.BridgePlace place => string.Join(
            ' ', place.BlockNumber, Text(place.BlockHash), Text(place.TransactionHash)),
        null => "0 nothing nothing",
        Address { IsZero: true } => "nothing",
        Hash256 { IsZero: true } => "nothing",
        Address address => Convert.ToHexString(address.ToArray()),
        Hash256 hash => Convert.ToHexString(hash.ToArray()),
        RejectionCode code => RejectionCodes.Name(code),
        Enum number =>
            Convert.ToUInt64(number, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        TimestampMs time => time.Value.ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
