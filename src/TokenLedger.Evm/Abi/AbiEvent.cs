// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm;

/// <summary>A contract's event that is not anonymous: what its logs are made of. Immutable.</summary>
/// <remarks>
/// Indexed values of one word stand in a topic; of other indexed ones the topic holds a hash, and nothing
/// else is left of them.
/// </remarks>
public sealed class AbiEvent
{
    private readonly ImmutableArray<AbiSignature.Parameter> _parameters;
    private readonly AbiTuple _data;
    private readonly int _indexed;

    private AbiEvent(string name, ImmutableArray<AbiSignature.Parameter> parameters)
    {
        Name = name;
        _parameters = parameters;
        _data = AbiFunction.TupleOf(parameters.Where(static one => !one.Indexed));
        _indexed = parameters.Count(static one => one.Indexed);
        Signature = name + AbiFunction.TupleOf(parameters);
        Topic = Keccak256.Hash(Encoding.ASCII.GetBytes(Signature));
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Name and types, as the topic covers them.</summary>
    public string Signature { get; }

    /// <summary>The hash of <see cref="Signature"/>: the first topic of its logs.</summary>
    public Hash256 Topic { get; }

    /// <summary>Reads e.g. <c>Transfer(address indexed from,address indexed to,uint256 value)</c>.</summary>
    /// <exception cref="EvmFormatException">
    /// It is no event, or has more than three indexed values.
    /// </exception>
    public static AbiEvent Parse(string text)
    {
        (string name, ImmutableArray<AbiSignature.Parameter> parameters, string rest) =
            AbiSignature.Parse(text);
        return rest.Length == 0 && parameters.Count(static one => one.Indexed) < EvmLimits.Topics
            ? new AbiEvent(name, parameters)
            : throw new EvmFormatException($"\"{text}\" is no event.");
    }

    /// <summary>A log's values in the order of the event's parameters.</summary>
    /// <returns>
    /// Of an indexed value that takes more than a word, its topic as <see cref="Hash256"/>.
    /// </returns>
    /// <exception cref="EvmFormatException">The log is not one of this event.</exception>
    public object[] Decode(EvmLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        return Decode(log.Topics, log.Data.AsSpan());
    }

    /// <summary>The values of topics and data in the order of the event's parameters.</summary>
    /// <returns>
    /// Of an indexed value that takes more than a word, its topic as <see cref="Hash256"/>.
    /// </returns>
    /// <exception cref="EvmFormatException">They are not of this event.</exception>
    public object[] Decode(ImmutableArray<Hash256> topics, ReadOnlySpan<byte> data)
    {
        if (topics.Length != _indexed + 1 || topics[0] != Topic)
        {
            throw new EvmFormatException($"The topics are not those of {Signature}.");
        }

        object[] rest = AbiCodec.Decode(_data, data);
        object[] values = new object[_parameters.Length];
        int nextTopic = 1;
        int nextData = 0;
        for (int i = 0; i < values.Length; i++)
        {
            AbiSignature.Parameter parameter = _parameters[i];
            values[i] = !parameter.Indexed ? rest[nextData++]
                : parameter.Type.IsWord ? AbiDecoder.Word(parameter.Type, topics[nextTopic++].ToArray())
                : topics[nextTopic++];
        }

        return values;
    }
}
