#!/usr/bin/env python3
"""A mail server for tests: STARTTLS and a password are required.

usage: mail_server.py PORT FOLDER CERTIFICATE KEY USER PASSWORD        FOLDER/mails gets the recipient of each mail, one a line
"""
import asyncio, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult

port, folder, certificate, key, user, password = int(sys.argv[1]), *sys.argv[2:7]
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)


class Handler:
    async def handle_DATA(self, server, session, envelope):
        with open(folder + "/mails", "a") as f:
            f.write(envelope.rcpt_tos[0] + "\n")
        return "250 taken"


def check(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (user.encode(), password.encode()))


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Handler(), tls_context=context, require_starttls=True, auth_required=True, authenticator=check, hostname="localhost"), "127.0.0.1", port)
    await server.serve_forever()


asyncio.run(serve())
