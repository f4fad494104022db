// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Grpc.Core;

/// <summary>Turns messages of one type into bytes and back. Immutable.</summary>
public class Marshaller<T>
{
    /// <summary>A marshaller over buffers, as generated stubs use it.</summary>
    public Marshaller(
        Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        ContextualSerializer = serializer;
        ContextualDeserializer = deserializer;
    }

    /// <summary>A marshaller over byte arrays.</summary>
    public Marshaller(Func<T, byte[]> serializer, Func<byte[], T> deserializer)
        : this((message, context) => context.Complete(serializer(message)),
            context => deserializer(context.PayloadAsNewBuffer()))
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
    }

    /// <summary>Writes a message into a context.</summary>
    public Action<T, SerializationContext> ContextualSerializer { get; }

    /// <summary>Reads a message from a context.</summary>
    public Func<DeserializationContext, T> ContextualDeserializer { get; }
}

/// <summary>Creates marshallers.</summary>
public static class Marshallers
{
    /// <inheritdoc cref="Marshaller{T}(Action{T, SerializationContext}, Func{DeserializationContext, T})"/>
    public static Marshaller<T> Create<T>(
        Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer) =>
        new(serializer, deserializer);

    /// <inheritdoc cref="Marshaller{T}(Func{T, byte[]}, Func{byte[], T})"/>
    public static Marshaller<T> Create<T>(Func<T, byte[]> serializer, Func<byte[], T> deserializer) =>
        new(serializer, deserializer);
}

/// <summary>Where a serializer puts one message. Valid only during the serializer's call.</summary>
public abstract class SerializationContext
{
    /// <summary>Gives the whole message, and ends it.</summary>
    public abstract void Complete(byte[] payload);

    /// <summary>Announces the size, in bytes, of the message about to be written.</summary>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>The buffer to write the message into, before <see cref="Complete()"/>.</summary>
    public abstract IBufferWriter<byte> GetBufferWriter();

    /// <summary>Ends the message that was written into the buffer.</summary>
    public abstract void Complete();
}

/// <summary>Where a deserializer gets one message from. Valid only during the deserializer's call.</summary>
public abstract class DeserializationContext
{
    /// <summary>The size of the message in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>The message in an array that the caller may keep.</summary>
    public abstract byte[] PayloadAsNewBuffer();

    /// <summary>The message in buffers that are recycled after the deserializer's call.</summary>
    public abstract ReadOnlySequence<byte> PayloadAsReadOnlySequence();
}
