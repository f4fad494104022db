// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Wire;
using TokenLedger.Testing.Wire;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Tests.Wire;

/// <summary>
/// What a body is refused for, and with which code. Each liberty that protobuf allows an encoder is taken
/// once in every message and field of a transaction that holds them all.
/// </summary>
public sealed class TransactionRefusalTests
{
    [Fact]
    public void Decode_UnknownFieldInAnyMessage_IsNotCanonical()
    {
        int messages = ForEachMessage((message, _) =>
        {
            message.Fields.Add(new WireField { Number = 1_000, Varint = 1 });
            return true;
        });
        Assert.True(messages > 30, $"{messages} messages");
    }

    [Fact]
    public void Decode_NonMinimalTag_IsNotCanonical() => ForEachField((_, field) => field.TagPadding = 1);

    [Fact]
    public void Decode_NonMinimalValueOrLength_IsNotCanonical() =>
        ForEachField((_, field) => field.ValuePadding = 1);

    [Fact]
    public void Decode_FieldsInAnotherOrder_IsNotCanonical() => ForEachMessage((message, at) =>
    {
        if (at + 1 >= message.Fields.Count || message.Fields[at].Number == message.Fields[at + 1].Number)
        {
            return false;
        }

        (message.Fields[at], message.Fields[at + 1]) = (message.Fields[at + 1], message.Fields[at]);
        return true;
    });

    [Fact]
    public void Decode_FieldWrittenTwice_IsNotCanonical() => ForEachMessage((message, at) =>
    {
        if (message.Fields[at].Descriptor!.IsRepeated)
        {
            return false;
        }

        message.Fields.Insert(at, message.Fields[at]);
        return true;
    });

    [Fact]
    public void Decode_DefaultWrittenExplicitly_IsNotCanonical()
    {
        var bare = new Transaction(
            default, 0, 0, default, null, "", [new RegisterAccount(default, AccountKind.Citizen, default)]);
        Transaction[] sparse =
        [
            bare,
            bare with { Operations = [new ApproveProposal(0, default)] },
            bare with { Operations = [new CancelProposal(0, "")] },
            Proposing(new FreezeAccount(default, FreezeMode.None, "", default)),
            Proposing(new GrantOfficer(default, default, Duties.None, "")),
            Proposing(new AttachDocument(WireSamples.Bond, new AssetDocument("", default, ""))),
            Proposing(new CreateAsset(WireSamples.Definition with
            {
                Name = "",
                NameUrdu = "",
                Decimals = 0,
                Terms = new AssetTerms(
                    "", default, default, 0, 0, DayCount.None, [new TermAttribute("", "")]),
            })),
        ];
        int written = sparse.Sum(transaction => WriteDefaults(transaction));
        Assert.True(written > 30, $"{written} defaults");
    }

    [Fact]
    public void Decode_EmbeddedMessageInTwoParts_IsNotCanonical()
    {
        int split = ForEachMessage((message, at) =>
        {
            WireField field = message.Fields[at];
            if (field.Message is not { Fields.Count: > 1 } inner || field.Descriptor!.IsRepeated)
            {
                return false;
            }

            var second = new WireMessage(inner.Descriptor);
            second.Fields.Add(inner.Fields[^1]);
            inner.Fields.RemoveAt(inner.Fields.Count - 1);
            message.Fields.Insert(at + 1, new WireField
            {
                Number = field.Number,
                WireType = 2,
                Message = second,
                Descriptor = field.Descriptor,
            });
            return true;
        });
        Assert.True(split > 10, $"{split} messages in two parts");
    }

    [Fact]
    public void Decode_TwoOperationsInOneMessage_IsNotCanonical()
    {
        WireMessage tree = WireSamples.Tree(WireSamples.Of(
            new Transfer(WireSamples.Bond, WireSamples.Address(1), new Amount(1)),
            new Transfer(WireSamples.Bond, WireSamples.Address(1), new Amount(2)),
            new ApproveProposal(1, WireSamples.Hash(1))));
        WireField[] operations = [.. tree.Fields.Where(f => f.Descriptor!.Name == "operations")];
        operations[0].Message!.Fields.AddRange(operations[1].Message!.Fields);
        tree.Fields.Remove(operations[1]);
        AssertRefused(RejectionCode.NotCanonical, tree.Encode(), "the same kind twice");

        operations[0].Message!.Fields.AddRange(operations[2].Message!.Fields);
        tree.Fields.Remove(operations[2]);
        AssertRefused(RejectionCode.NotCanonical, tree.Encode(), "two kinds");
    }

    [Fact]
    public void Decode_NumberWiderThanItsType_IsRefused()
    {
        WireMessage tree = WireSamples.Tree(WireSamples.Everything);
        WireField lane = tree.Fields.Single(f => f.Descriptor!.Name == "lane");
        lane.Varint |= 1ul << 32;
        AssertRefused(RejectionCode.NotCanonical, tree.Encode(), "33 bits of lane");
    }

    [Fact]
    public void Decode_BrokenBytes_IsRefused()
    {
        byte[] body = TransactionMapper.Encode(WireSamples.Everything);
        AssertRefused(RejectionCode.Malformed, body[..^1], "cut");
        AssertRefused(RejectionCode.Malformed, [.. body, 0], "tag zero");
        AssertRefused(RejectionCode.Malformed, [0x0A, 0xFF, 0x01], "a length behind the end");
        AssertRefused(RejectionCode.Malformed, [.. Enumerable.Repeat((byte)0xFF, 32)], "an endless varint");
        AssertRefused(RejectionCode.Malformed, [.. Enumerable.Repeat((byte)0x0B, 4_000)], "groups in groups");
        WireMessage tree = WireSamples.Tree(WireSamples.Everything);
        tree.Fields.Single(f => f.Descriptor!.Name == "memo").Bytes = [0xC3, 0x28];
        AssertRefused(RejectionCode.NotCanonical, tree.Encode(), "no UTF-8");
    }

    [Fact]
    public void Decode_AddressOrHashOfAnotherLength_IsAnInvalidField()
    {
        int wrong = ForEachMessage(
            (message, at) =>
            {
                WireField field = message.Fields[at];
                if (field.Descriptor!.FieldType != FieldType.Bytes)
                {
                    return false;
                }

                field.Bytes = field.Bytes[1..];
                return true;
            },
            RejectionCode.InvalidField);
        Assert.True(wrong > 10, $"{wrong} fields of bytes");
    }

    [Fact]
    public void Decode_EnumerationOutsideItsValues_IsAnInvalidField()
    {
        foreach (ulong value in new[] { 99ul, 256ul + 1, ulong.MaxValue })
        {
            int enumerations = ForEachMessage(
                (message, at) =>
                {
                    WireField field = message.Fields[at];
                    field.Varint = field.Descriptor!.FieldType == FieldType.Enum ? value : field.Varint;
                    return field.Descriptor.FieldType == FieldType.Enum;
                },
                RejectionCode.InvalidField);
            Assert.Equal(4, enumerations);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData(" 1")]
    [InlineData("1e3")]
    [InlineData("١")]
    [InlineData("340282366920938463463374607431768211456")]
    public void Decode_AmountInAnotherSpelling_IsAmountInvalid(string text)
    {
        int amounts = ForEachMessage(
            (message, at) =>
            {
                WireField field = message.Fields[at];
                bool amount = field.Descriptor!.FieldType == FieldType.String
                    && field.Descriptor.Name is "amount" or "cap" or "unit_value_micro_usd" or "per_item"
                        or "ceiling" or "capacity" or "per_second" or "supply" or "locked" or "explained";
                field.Bytes = amount ? Encoding.UTF8.GetBytes(text) : field.Bytes;
                return amount;
            },
            RejectionCode.AmountInvalid);
        Assert.Equal(17, amounts);
    }

    [Fact]
    public void Decode_OverALimit_IsRefusedWithItsCode()
    {
        var transfer = new Transfer(WireSamples.Bond, WireSamples.Address(1), new Amount(1));
        V1.Transaction wire = TransactionMapper.ToWire(WireSamples.Of(transfer));
        wire.Operations.Add(Enumerable.Repeat(wire.Operations[0].Clone(), Limits.OperationsPerTransaction));
        AssertRefused(RejectionCode.TooLarge, wire.ToByteArray(), "101 operations");
        wire.Operations.RemoveAt(0);
        Assert.Null(TransactionMapper.TryDecode(wire.ToByteArray(), out _));
        wire.Operations.Clear();
        AssertRefused(RejectionCode.InvalidField, wire.ToByteArray(), "no operation");

        Transaction plain = WireSamples.Of(transfer);
        Assert.Null(Refusal(plain with { Memo = new string('m', Limits.MemoBytes) }));
        Assert.Equal(
            RejectionCode.TooLarge, Refusal(plain with { Memo = new string('m', Limits.MemoBytes + 1) }));
        Assert.Equal(RejectionCode.TooLarge, Refusal(plain with { Memo = new string('م', 129) }));
        Assert.Equal(RejectionCode.InvalidField, Refusal(Proposing()));
        PrivilegedOperation pause = new PauseAsset(WireSamples.Bond, "");
        Assert.Null(Refusal(Proposing([.. Enumerable.Repeat(pause, Limits.OperationsPerProposal)])));
        Assert.Equal(
            RejectionCode.InvalidField, Refusal(Proposing([.. Enumerable.Repeat(pause, 101)])));
        AssertRefused(RejectionCode.TooLarge, new byte[Limits.TransactionBytes + 1], "over 16 KiB");
    }

    [Fact]
    public void Decode_AttributesOverTheirNumber_AreTooLarge()
    {
        AssetTerms terms = WireSamples.Definition.Terms;
        RejectionCode? Refused(int attributes) =>
            Refusal(Proposing(new CreateAsset(WireSamples.Definition with
            {
                Terms = terms with
                {
                    Attributes =
                    [.. Enumerable.Range(0, attributes).Select(i => new TermAttribute($"key_{i}", "v"))],
                },
            })));
        Assert.Null(Refused(Limits.AttributesPerAsset));
        Assert.Equal(RejectionCode.TooLarge, Refused(Limits.AttributesPerAsset + 1));
    }

    [Fact]
    public void Decode_ZerosForNothing_AreAnInvalidField()
    {
        V1.Transaction wire = TransactionMapper.ToWire(WireSamples.Of(
            new RegisterAccount(WireSamples.Address(1), AccountKind.Citizen, default)));
        wire.Operations[0].RegisterAccount.Institution = ByteString.CopyFrom(new byte[Address.Size]);
        AssertRefused(RejectionCode.InvalidField, wire.ToByteArray(), "the zero institution");
        wire = TransactionMapper.ToWire(Proposing(new FreezeAccount(default, FreezeMode.Send, "o", default)));
        wire.Operations[0].Propose.Payload[0].FreezeAccount.DocumentHash = ByteString.CopyFrom(new byte[32]);
        AssertRefused(RejectionCode.InvalidField, wire.ToByteArray(), "the zero document");
    }

    [Fact]
    public void Decode_MissingParts_AreAnInvalidField()
    {
        Transaction create = Proposing(new CreateAsset(WireSamples.Definition));
        V1.Transaction wire = TransactionMapper.ToWire(create);
        wire.Operations[0].Propose.Payload[0].CreateAsset.Definition.Terms = null;
        AssertRefused(RejectionCode.InvalidField, wire.ToByteArray(), "no terms");
        wire.Operations[0].Propose.Payload[0].CreateAsset.Definition = null;
        AssertRefused(RejectionCode.InvalidField, wire.ToByteArray(), "no definition");
        wire.Operations[0].Propose.Payload[0].ClearKind();
        AssertRefused(RejectionCode.InvalidField, wire.ToByteArray(), "no privileged operation");
        wire.Operations[0].ClearKind();
        AssertRefused(RejectionCode.InvalidField, wire.ToByteArray(), "no operation");
    }

    [Fact]
    public void FromWire_SignedBytes_ChecksSizesOnly()
    {
        V1.SignedTransaction wire = new()
        {
            Body = ByteString.CopyFrom([1, 2, 3]),
            Signature = ByteString.CopyFrom(new byte[Limits.SignatureBytes]),
        };
        Assert.Null(TransactionMapper.TryFromWire(wire, out SignedTransaction? signed));
        Assert.Equal(wire, TransactionMapper.ToWire(signed!));

        wire.Signature = ByteString.CopyFrom(new byte[64]);
        Assert.Equal(RejectionCode.BadSignature, TransactionMapper.TryFromWire(wire, out _)?.Code);
        wire.Body = ByteString.CopyFrom(new byte[Limits.TransactionBytes + 1]);
        Assert.Equal(RejectionCode.TooLarge, TransactionMapper.TryFromWire(wire, out _)?.Code);
        wire.Body = ByteString.Empty;
        Assert.Equal(RejectionCode.Malformed, TransactionMapper.TryFromWire(wire, out _)?.Code);
        Assert.Equal(RejectionCode.Malformed, TransactionMapper.TryFromWire(null, out _)?.Code);
    }

    private static Transaction Proposing(params PrivilegedOperation[] payload) =>
        WireSamples.Of(new Propose([.. payload], default, ""));

    private static RejectionCode? Refusal(Transaction transaction) =>
        TransactionMapper.TryDecode(TransactionMapper.Encode(transaction), out _)?.Code;

    private static void AssertRefused(RejectionCode code, byte[] body, string what)
    {
        Rejection? rejection = TransactionMapper.TryDecode(body, out Transaction? decoded);
        Assert.True(
            rejection?.Code == code && decoded is null, $"{what}: {rejection?.ToString() ?? "accepted"}");
    }

    /// <summary>
    /// Writes each absent field's default, alone, where it belongs. Returns how many there were.
    /// </summary>
    private static int WriteDefaults(Transaction transaction)
    {
        int written = 0;
        int messages = WireSamples.Tree(transaction).All().Count();
        for (int m = 0; m < messages; m++)
        {
            foreach (FieldDescriptor absent in AbsentIn(
                WireSamples.Tree(transaction).All().ElementAt(m).Message))
            {
                WireMessage tree = WireSamples.Tree(transaction);
                (string path, WireMessage message) = tree.All().ElementAt(m);
                bool bytes = absent.FieldType is FieldType.Bytes or FieldType.String;
                int at = message.Fields.TakeWhile(f => f.Number < absent.FieldNumber).Count();
                message.Fields.Insert(
                    at, new WireField { Number = absent.FieldNumber, WireType = bytes ? 2 : 0 });
                AssertRefused(RejectionCode.NotCanonical, tree.Encode(), $"{path}.{absent.Name}");
                written++;
            }
        }

        return written;
    }

    private static IEnumerable<FieldDescriptor> AbsentIn(WireMessage message) =>
        message.Descriptor.Fields.InFieldNumberOrder().Where(field =>
            field.ContainingOneof is null
            && !field.IsRepeated
            && field.FieldType != FieldType.Message
            && message.Fields.All(present => present.Number != field.FieldNumber));

    private static void ForEachField(Action<WireMessage, WireField> change)
    {
        int fields = ForEachMessage((message, at) =>
        {
            change(message, message.Fields[at]);
            return true;
        });
        Assert.True(fields > 60, $"{fields} fields");
    }

    /// <summary>
    /// Makes one change at a time, at every field of every message of a transaction that holds all
    /// operations.
    /// </summary>
    /// <param name="change">Makes the change at the field of an index; false when there is none to
    /// make.</param>
    /// <param name="code">What each changed body must be refused for.</param>
    /// <returns>How many changes were made.</returns>
    private static int ForEachMessage(
        Func<WireMessage, int, bool> change, RejectionCode code = RejectionCode.NotCanonical)
    {
        int made = 0;
        int messages = WireSamples.Tree(WireSamples.Everything).All().Count();
        for (int m = 0; m < messages; m++)
        {
            int fields = WireSamples.Tree(WireSamples.Everything).All().ElementAt(m).Message.Fields.Count;
            for (int at = 0; at < fields; at++)
            {
                WireMessage tree = WireSamples.Tree(WireSamples.Everything);
                (string path, WireMessage message) = tree.All().ElementAt(m);
                string what = $"{path}, field {at}";
                if (change(message, at))
                {
                    made++;
                    AssertRefused(code, tree.Encode(), what);
                }
            }
        }

        return made;
    }
}
