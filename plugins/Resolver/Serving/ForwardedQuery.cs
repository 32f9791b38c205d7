using PsContainers.Resolver.Messages;

namespace PsContainers.Resolver.Serving;

/// <summary>A query that an upstream was asked, with an id of our own, and how its response is told from any other.</summary>
internal sealed class ForwardedQuery
{
    private const int UsualLength = 512;
    private byte[] _message = new byte[UsualLength];
    private int _length;
    private ushort _clientId;
    private Query _query;

    internal ReadOnlySpan<byte> Message => _message.AsSpan(0, _length);

    internal ref readonly Query Query => ref _query;

    internal void Set(ReadOnlySpan<byte> message, in Query query)
    {
        if (message.Length > _message.Length)
        {
            _message = new byte[message.Length];
        }

        message.CopyTo(_message);
        _length = message.Length;
        _query = query;
        _clientId = Header.IdOf(message);
    }

    /// <summary>Takes a new id, since the one that a server did not answer may be known by now.</summary>
    internal void SetId(ushort id) => Header.SetId(_message, id);

    /// <summary>
    /// Whether a message is the response: our id, our question. One that only says what went wrong may leave the question out.
    /// </summary>
    internal bool IsAnsweredBy(ReadOnlySpan<byte> response)
    {
        if (response.Length < Header.Length || Header.IdOf(response) != Header.IdOf(_message) ||
            (Header.FlagsOf(response) & Header.Response) == 0)
        {
            return false;
        }

        if (Header.CountOf(response, 0) == 0)
        {
            return Header.CodeOf(response) is not (ResponseCode.NoError or ResponseCode.NameError);
        }

        Span<byte> asked = stackalloc byte[DomainName.MaximumLength];
        Span<byte> answered = stackalloc byte[DomainName.MaximumLength];
        return Query.TryParseQuestion(response, answered, out var echo)
            && Query.TryParseQuestion(Message, asked, out _)
            && echo.Type == _query.Type && echo.Class == _query.Class
            && answered[..echo.NameLength].SequenceEqual(asked[.._query.NameLength]);
    }

    /// <summary>Gives the response the client's id back, and cuts off what the client has no room for.</summary>
    /// <returns>The length that is to be sent.</returns>
    internal int Finish(Span<byte> response, int limit)
    {
        Header.SetId(response, _clientId);
        if (response.Length <= limit)
        {
            return response.Length;
        }

        Header.SetFlags(response, Header.FlagsOf(response) | Header.Truncated);
        for (var section = 1; section <= 3; section++)
        {
            Header.SetCount(response, section, 0);
        }

        return Header.CountOf(response, 0) == 0 ? Header.Length : _query.QuestionEnd;
    }

    /// <summary>The response that says that nobody answered.</summary>
    internal int WriteFailure(Span<byte> response)
    {
        var length = Responder.WriteCode(Message, _query, ResponseCode.ServerFailure, response);
        Header.SetId(response, _clientId);
        return length;
    }
}
