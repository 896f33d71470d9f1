"""python3 -m exabgp.application.cli"""

from exabgp import become


def main():
    become("cli")


if __name__ == "__main__":
    main()
