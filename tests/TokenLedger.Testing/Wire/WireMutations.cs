// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing.Generators;

namespace TokenLedger.Testing.Wire;

/// <summary>
/// One random change that keeps the bytes a protobuf message, as a hostile encoder writes it.
/// </summary>
public static class WireMutations
{
    public static void Apply(WireMessage tree, CoreGenerator random)
    {
        WireMessage[] messages = [.. tree.All().Select(m => m.Message).Where(m => m.Fields.Count > 0)];
        WireMessage message = messages[random.Below(messages.Length)];
        WireField field = message.Fields[random.Below(message.Fields.Count)];
        switch (random.Below(12))
        {
            case 0:
                message.Fields.Insert(random.Below(message.Fields.Count + 1), Unknown(random));
                break;
            case 1:
                field.TagPadding = 1 + random.Below(3);
                break;
            case 2:
                field.ValuePadding = 1 + random.Below(3);
                break;
            case 3:
                int other = random.Below(message.Fields.Count);
                message.Fields[message.Fields.IndexOf(field)] = message.Fields[other];
                message.Fields[other] = field;
                break;
            case 4:
                message.Fields.Remove(field);
                break;
            case 5:
                message.Fields.Insert(random.Below(message.Fields.Count), field);
                break;
            case 6:
                field.WireType = random.OneOf(0, 1, 2, 5);
                break;
            default:
                ChangeValue(field, random);
                break;
        }
    }

    private static WireField Unknown(CoreGenerator random) => random.Coin()
        ? new WireField { Number = 1 + random.Below(40), Varint = random.U64() }
        : new WireField
        {
            Number = 1 + random.Below(40),
            WireType = 2,
            Bytes = random.Bytes(
            random.Below(40))
        };

    private static void ChangeValue(WireField field, CoreGenerator random)
    {
        if (field.WireType == 0)
        {
            field.Varint = random.OneOf(1ul, 2ul, 3ul, 255ul, random.U64());
        }
        else if (field.Message is null && field.Bytes.Length > 0)
        {
            // A digit or letter for another keeps a number a number, and an address an address.
            field.Bytes[random.Below(field.Bytes.Length)] = random.OneOf(
                (byte)'1', (byte)'7', (byte)'A', (byte)'Z', (byte)random.Below(256));
        }
    }
}
